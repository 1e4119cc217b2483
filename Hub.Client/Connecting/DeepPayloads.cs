using System.Buffers;
using System.Text.Json;

namespace RealtimeHub.Client.Connecting;

/// <summary>Finds payloads that are nested too deep for SignalR's JSON reader, which throws at the 65th level of a frame.</summary>
internal static class DeepPayloads
{
    private const int Deepest = 64;

    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>The frame without such payloads. Their messages then cannot be read, but the other messages of the frame can.</summary>
    /// <param name="frame">The frame, including the byte that ends it.</param>
    /// <param name="end">Where the JSON ends.</param>
    public static ReadOnlySequence<byte> TakenOutOf(ReadOnlySequence<byte> frame, SequencePosition end)
    {
        try
        {
            return IsTooDeep(new Utf8JsonReader(frame.Slice(0, end), AnyDepth)) ? Prune(frame.ToArray()) : frame;
        }
        catch (JsonException)
        {
            return frame;
        }
    }

    private static bool IsTooDeep(Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            if (reader.CurrentDepth >= Deepest)
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySequence<byte> Prune(byte[] frame)
    {
        var reader = new Utf8JsonReader(frame.AsSpan(..^1), AnyDepth);
        var pruned = new ArrayBufferWriter<byte>(frame.Length);
        var written = 0;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("payload"u8))
            {
                var start = (int)reader.TokenStartIndex;
                if (SkipValue(ref reader) >= Deepest)
                {
                    pruned.Write(frame.AsSpan(written..start));
                    pruned.Write("\"tooDeep\":true"u8);
                    written = (int)reader.BytesConsumed;
                }
            }
        }

        pruned.Write(frame.AsSpan(written..));
        return new ReadOnlySequence<byte>(pruned.WrittenMemory);
    }

    /// <summary>Goes to the last token of the value that is next.</summary>
    /// <returns>How deep it went.</returns>
    private static int SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        var (start, deepest) = (reader.CurrentDepth, reader.CurrentDepth);
        var isContainer = reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject;
        while (isContainer && reader.Read()
            && !(reader.CurrentDepth == start && reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject))
        {
            deepest = Math.Max(deepest, reader.CurrentDepth);
        }

        return deepest;
    }
}
