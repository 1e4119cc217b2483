using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace RealtimeHub.Ingress.Http;

/// <summary>
/// Decodes percent-encoding (RFC 3986 section 2.1) strictly: each escape once, and only UTF-8.
/// </summary>
internal static class PercentEncoding
{
    private const int EscapeLength = 3;

    /// <summary>The text that was encoded, or null if an escape is broken or the bytes are not UTF-8.</summary>
    public static string? Decode(string text) =>
        Bytes(text) is { } bytes && Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>The bytes that were encoded, or null if an escape is broken.</summary>
    public static byte[]? Bytes(ReadOnlySpan<char> text)
    {
        var encoded = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, encoded);
        var length = 0;
        for (var at = 0; at < encoded.Length; length++)
        {
            if (encoded[at] != '%')
            {
                encoded[length] = encoded[at++];
                continue;
            }

            if (at + EscapeLength > encoded.Length
                || !byte.TryParse(encoded.AsSpan(at + 1, EscapeLength - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                    out encoded[length]))
            {
                return null;
            }

            at += EscapeLength;
        }

        return encoded[..length];
    }
}
