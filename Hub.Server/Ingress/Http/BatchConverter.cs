using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeHub.Ingress.Http;

/// <summary>Reads each message of a batch by itself, so that a mistake in one does not stop the others.</summary>
/// <remarks>It steps back over a message that it cannot read, so the whole body must be there.</remarks>
internal sealed class BatchConverter : JsonConverter<IReadOnlyList<BatchItem>>
{
    public override IReadOnlyList<BatchItem> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw NotMessages();
        }

        var items = new List<BatchItem>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(items.Count < BatchRequest.MaxMessages ? ReadItem(ref reader) : throw NotMessages());
        }

        return items.Count > 0 ? items : throw NotMessages();
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<BatchItem> value, JsonSerializerOptions options) =>
        throw new NotSupportedException();

    private static BatchItem ReadItem(ref Utf8JsonReader reader)
    {
        var start = reader;
        try
        {
            return JsonSerializer.Deserialize(ref reader, ApiJson.Default.BatchMessage) is { } message
                ? BatchItem.Of(message)
                : BatchItem.Mistaken("At $: the JSON value has the wrong type.");
        }
        catch (JsonException mistake)
        {
            reader = start;
            reader.Skip();
            return BatchItem.Mistaken(JsonMistake.Describe(mistake));
        }
    }

    private static JsonException NotMessages() => new($"must be an array of 1 to {BatchRequest.MaxMessages} messages");
}
