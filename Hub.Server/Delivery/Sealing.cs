using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>Turns a publication into what the router carries: checked, and encoded once for the log, every node and every client.</summary>
internal static class Sealing
{
    /// <summary>The most bytes of a payload: 64 KB.</summary>
    public const int LargestPayload = 64 * 1024;

    /// <summary>The same in words.</summary>
    public static readonly string PayloadRule = $"The payload may have {LargestPayload / 1024} KB at the most.";

    // The names, the punctuation and the time.
    private const int RoomForTheRest = 160;

    // What goes through a WebSocket need not be escaped for HTML.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>What is wrong with a publication, in words, or null.</summary>
    public static string? Mistake(Publication publication) =>
        publication.Address == default ? "There is no address."
        : !Message.IsType(publication.Type) ? Message.TypeRule
        : !Utf8.IsValid(RawPayload(publication)) ? "The payload must be valid UTF-8."
        : RawPayload(publication).Length > LargestPayload ? PayloadRule
        : publication.Options?.Mistake();

    public static Envelope Seal(Publication publication, DateTimeOffset now) => new(publication.Address, Encode(publication, now))
    {
        IsTransient = publication.Options?.Transient ?? false,
        TimeToLive = publication.Options?.TimeToLive,
        IdempotencyKey = publication.Options?.IdempotencyKey,
    };

    // An object without its opening brace: the router puts the id there.
    private static ReadOnlyMemory<byte> Encode(Publication publication, DateTimeOffset now)
    {
        var (address, type) = (publication.Address.ToString(), publication.Type);
        var payload = RawPayload(publication);

        // As much as the writer asks room for: one byte short, and it takes 4 KB more.
        var buffer = new ArrayBufferWriter<byte>(RoomForTheRest + (3 * (address.Length + type.Length)) + payload.Length);
        using var writer = new Utf8JsonWriter(buffer, Plain);
        writer.WriteStartObject();
        writer.WriteString("address"u8, address);
        writer.WriteString("type"u8, type);
        writer.WritePropertyName("payload"u8);
        writer.WriteRawValue(payload, skipInputValidation: true);
        writer.WriteString("time"u8, now);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory[1..];
    }

    // As it was given: numbers keep every digit.
    private static ReadOnlySpan<byte> RawPayload(Publication publication) =>
        publication.Payload.ValueKind == JsonValueKind.Undefined ? "null"u8 : JsonMarshal.GetRawUtf8Value(publication.Payload);
}
