using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeHub.Client.Resuming;

/// <summary>Reads any JSON in the place of a message, and never fails.</summary>
internal sealed class EnvelopeConverter : JsonConverter<Envelope>
{
    public override Envelope Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonElement.ParseValue(ref reader);
        if (json.ValueKind != JsonValueKind.Object)
        {
            return new Envelope(null, null, null, IsTransient: false, null);
        }

        var isTransient = !json.TryGetProperty("after", out var after) || after.ValueKind == JsonValueKind.Null;
        var told = new Envelope(Text(json, "address"), Text(json, "id"), Text(json, "after"), isTransient, null);
        return told with { Message = MessageOf(json, told) };
    }

    public override void Write(Utf8JsonWriter writer, Envelope value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Message, ClientJson.Default.PushMessage!);

    private static PushMessage? MessageOf(JsonElement json, Envelope told) =>
        told is { Address: { } address, Id: { } id }
            && (told.IsTransient || told.After is not null)
            && Text(json, "type") is { } type
            && json.TryGetProperty("payload", out var payload)
            && json.TryGetProperty("time", out var time) && time.ValueKind == JsonValueKind.String
                && time.TryGetDateTimeOffset(out var published)
                ? new PushMessage(id, told.After, address, type, payload, published)
                {
                    TraceParent = Text(json, "traceparent"),
                    IsReceiptAwaited = json.TryGetProperty("receipt", out var receipt) && receipt.ValueKind == JsonValueKind.True,
                }
                : null;

    private static string? Text(JsonElement json, string name)
    {
        try
        {
            return json.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // JSON allows half a surrogate pair in a string; .NET cannot read it.
            return null;
        }
    }
}
