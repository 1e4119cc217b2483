using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Events;

/// <summary>An event as a backend gets it: CloudEvents 1.0, as JSON (docs/protocol.md).</summary>
internal static class CloudEvent
{
    public const string MediaType = "application/cloudevents+json";

    private const string Source = "urn:realtimehub";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Encode(Address user, HubEvent told)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Plain);
        writer.WriteStartObject();
        writer.WriteString("specversion"u8, "1.0"u8);
        writer.WriteString("id"u8, told.Id);
        writer.WriteString("source"u8, Source);
        writer.WriteString("type"u8, told.Type);
        if (user != HubEvent.OfNobody)
        {
            writer.WriteString("subject"u8, user.Name);
        }

        writer.WriteString("time"u8, told.Time);
        writer.WriteString("datacontenttype"u8, "application/json"u8);
        writer.WritePropertyName("data"u8);
        writer.WriteRawValue(told.Data.Span);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
