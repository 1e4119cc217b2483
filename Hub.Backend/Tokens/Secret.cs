using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace RealtimeHub.Tokens;

/// <summary>How our secrets are made and told apart: a prefix that names the kind, then 256 random bits as base64url.</summary>
internal static class Secret
{
    private const int Bytes = 32;
    private const int Characters = 43;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string Create(string prefix)
    {
        Span<byte> random = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(random);
        return prefix + Base64Url.EncodeToString(random);
    }

    public static bool IsWellFormed(string prefix, ReadOnlySpan<char> text) =>
        text.Length == prefix.Length + Characters
        && text.StartsWith(prefix, StringComparison.Ordinal)
        && !text[prefix.Length..].ContainsAnyExcept(Alphabet);

    /// <summary>Lower-case hex SHA-256 of a well-formed secret: what is stored in its place.</summary>
    public static string Hash(string text)
    {
        Span<byte> ascii = stackalloc byte[text.Length];
        Encoding.ASCII.GetBytes(text, ascii);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(ascii, hash);
        return Convert.ToHexStringLower(hash);
    }
}
