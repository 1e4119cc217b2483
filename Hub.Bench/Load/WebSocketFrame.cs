using System.Buffers.Binary;

namespace RealtimeHub.Bench.Load;

/// <summary>WebSocket framing (RFC 6455, section 5) as a client needs it that sends small frames.</summary>
internal readonly record struct WebSocketFrame(WebSocketOpcode Opcode, bool IsFinal, int Start, int Length)
{
    private const byte Final = 0x80;
    private const byte Masked = 0x80;
    private const int LongestShort = 125;

    /// <summary>Reads the frame at the beginning of some bytes.</summary>
    /// <param name="bytes">What has come.</param>
    /// <param name="frame">The frame, if it is there as a whole.</param>
    /// <returns>How many bytes the frame has in all, as far as they tell; more than there are if it is not there as a whole.</returns>
    /// <exception cref="InvalidDataException">It is masked, which no server may do.</exception>
    public static int Read(ReadOnlySpan<byte> bytes, out WebSocketFrame frame)
    {
        frame = default;
        if (bytes.Length < 2)
        {
            return 2;
        }

        if ((bytes[1] & Masked) != 0)
        {
            throw new InvalidDataException("The server sent a frame that is masked.");
        }

        var (header, length) = bytes[1] switch
        {
            <= LongestShort => (2, bytes[1]),
            LongestShort + 1 => (4, bytes.Length < 4 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])),
            _ => (10, bytes.Length < 10 ? 0 : checked((int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]))),
        };
        frame = new((WebSocketOpcode)(bytes[0] & 0x0f), (bytes[0] & Final) != 0, header, length);
        return header + length;
    }

    /// <summary>
    /// A whole frame of a client. The mask is zero: it is for proxies, of which there are none here, and costs the server the same.
    /// </summary>
    public static byte[] Write(WebSocketOpcode opcode, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[8];
        header[0] = (byte)(Final | (int)opcode);
        if (payload.Length <= LongestShort)
        {
            header[1] = (byte)(Masked | payload.Length);
            return [.. header[..2], 0, 0, 0, 0, .. payload];
        }

        header[1] = Masked | (LongestShort + 1);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], checked((ushort)payload.Length));
        return [.. header[..4], 0, 0, 0, 0, .. payload];
    }
}
