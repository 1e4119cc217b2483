using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using RealtimeHub.Routing;

namespace RealtimeHub.Publishing;

/// <summary>Encodes a publication for the router: once, for the log, all nodes and all clients.</summary>
internal static class MessageEncoder
{
    // The bytes of names, punctuation and time.
    private const int RoomForTheRest = 176;

    // No escaping for HTML, which messages do not need.
    private static readonly JsonWriterOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static Envelope Encode(CheckedPublication ready, DateTimeOffset now)
    {
        var publication = ready.Publication;
        var (body, content) = Write(publication, now);
        var key = publication.Options?.BackendsKey;
        return new(publication.Address, body)
        {
            Publisher = ready.IsTransient ? null : publication.Options?.EncodedBackend,
            IsTransient = ready.IsTransient,
            TimeToLive = publication.Options?.TimeToLive,
            IdempotencyKey = key,
            AwaitsReceipt = publication.Options?.Receipt ?? false,
            Fingerprint = key is null ? "" : Fingerprint(content.Span),
        };
    }

    // Against mistakes, not attacks: who could forge this has the backend's key, and would only harm itself.
    private static string Fingerprint(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8));

    /// <returns>
    /// The JSON object without its opening brace, because the router puts the id there; and the part of it that is the same whenever the
    /// message is published again: address, type and payload.
    /// </returns>
    private static (ReadOnlyMemory<byte> Body, ReadOnlyMemory<byte> Content) Write(Publication publication, DateTimeOffset now)
    {
        var (address, type) = (publication.Address.ToString(), publication.Type);
        var payload = publication.RawPayload;

        // The size that the writer asks for: with one byte less it would allocate 4 KB more.
        var buffer = new ArrayBufferWriter<byte>(RoomForTheRest + (3 * (address.Length + type.Length)) + payload.Length);
        using var writer = new Utf8JsonWriter(buffer, Plain);
        writer.WriteStartObject();
        writer.WriteString("address"u8, address);
        writer.WriteString("type"u8, type);
        writer.WritePropertyName("payload"u8);
        writer.WriteRawValue(payload, skipInputValidation: true);
        var end = (int)writer.BytesCommitted + writer.BytesPending;
        writer.WriteString("time"u8, now);
        if (publication.Options is { Receipt: true } or { IsAwaited: true })
        {
            writer.WriteBoolean("receipt"u8, value: true);
        }

        writer.WriteEndObject();
        writer.Flush();
        LetNoLineEnd(MemoryMarshal.AsMemory(buffer.WrittenMemory).Span);
        return (buffer.WrittenMemory[1..], buffer.WrittenMemory[1..end]);
    }

    // In JSON, line ends stand only between tokens, where a space means the same. Server-sent events are made of lines, and their readers
    // do not agree on what ends a line.
    private static void LetNoLineEnd(Span<byte> json)
    {
        json.Replace((byte)'\r', (byte)' ');
        json.Replace((byte)'\n', (byte)' ');
    }
}
