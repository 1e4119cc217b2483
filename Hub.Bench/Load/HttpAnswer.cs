using System.Buffers.Text;

namespace RealtimeHub.Bench.Load;

/// <summary>As much of HTTP/1.1 as tells where an answer ends (RFC 9112, section 6).</summary>
internal static class HttpAnswer
{
    private const int StatusAt = 9;

    /// <summary>Whether an answer is there from its first byte to its last.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        var head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        var body = bytes[(head + 4)..];
        return LengthIn(bytes[..(head + 2)]) is { } length ? body.Length >= length : body.EndsWith("0\r\n\r\n"u8);
    }

    public static int Status(ReadOnlySpan<byte> bytes) => Utf8Parser.TryParse(bytes[StatusAt..], out int status, out _) ? status : 0;

    /// <summary>The JSON object that is an answer's body: whole, or one chunk.</summary>
    public static string Json(string answer) => answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)];

    /// <summary>The first cookie that an answer sets, as it is sent back.</summary>
    public static string Cookie(string answer)
    {
        var value = answer[(answer.IndexOf("Set-Cookie: ", StringComparison.OrdinalIgnoreCase) + "Set-Cookie: ".Length)..];
        return value[..value.IndexOf(';', StringComparison.Ordinal)];
    }

    // Names come in any case: Kestrel and Tornado write Content-Length, others may not.
    private static int? LengthIn(ReadOnlySpan<byte> head)
    {
        foreach (var range in head.Split((byte)'\n'))
        {
            var line = head[range];
            if (System.Text.Ascii.EqualsIgnoreCase(line[..Math.Min(line.Length, 15)], "content-length:"u8)
                && Utf8Parser.TryParse(line[15..].TrimStart((byte)' '), out int length, out _))
            {
                return length;
            }
        }

        return null;
    }
}
