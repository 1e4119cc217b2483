using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using RealtimeHub.Routing;

namespace RealtimeHub.Publishing;

/// <summary>Turns a publication into what the router carries: encoded once for the log, every node and every client.</summary>
internal static class MessageEncoder
{
    // The names, the punctuation and the time.
    private const int RoomForTheRest = 160;

    // What goes through a WebSocket need not be escaped for HTML.
    private static readonly JsonWriterOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static Envelope Encode(CheckedPublication ready, DateTimeOffset now)
    {
        var publication = ready.Publication;
        var (body, content) = Write(publication, now);
        var key = publication.Options?.BackendsKey;
        return new(publication.Address, body)
        {
            IsTransient = ready.IsTransient,
            TimeToLive = publication.Options?.TimeToLive,
            IdempotencyKey = key,
            Fingerprint = key is null ? "" : Fingerprint(content.Span),
        };
    }

    // Against a backend's mistakes, not against an attacker: it has the backend's key, and would only cheat itself.
    private static string Fingerprint(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8));

    /// <returns>
    /// An object without its opening brace, because the router puts the id there; and of that the content: address, type and payload, which
    /// are the same whenever the message is published again.
    /// </returns>
    private static (ReadOnlyMemory<byte> Body, ReadOnlyMemory<byte> Content) Write(Publication publication, DateTimeOffset now)
    {
        var (address, type) = (publication.Address.ToString(), publication.Type);
        var payload = publication.RawPayload;

        // As much as the writer asks room for: one byte short, and it takes 4 KB more.
        var buffer = new ArrayBufferWriter<byte>(RoomForTheRest + (3 * (address.Length + type.Length)) + payload.Length);
        using var writer = new Utf8JsonWriter(buffer, Plain);
        writer.WriteStartObject();
        writer.WriteString("address"u8, address);
        writer.WriteString("type"u8, type);
        writer.WritePropertyName("payload"u8);
        writer.WriteRawValue(payload, skipInputValidation: true);
        var end = (int)writer.BytesCommitted + writer.BytesPending;
        writer.WriteString("time"u8, now);
        writer.WriteEndObject();
        writer.Flush();
        LetNoLineEnd(MemoryMarshal.AsMemory(buffer.WrittenMemory).Span);
        return (buffer.WrittenMemory[1..], buffer.WrittenMemory[1..end]);
    }

    // Line ends stand between tokens only, where a space means the same. Server-sent events are made of lines, and not every reader of them
    // agrees what ends one.
    private static void LetNoLineEnd(Span<byte> json)
    {
        json.Replace((byte)'\r', (byte)' ');
        json.Replace((byte)'\n', (byte)' ');
    }
}
