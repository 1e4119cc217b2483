using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace RealtimeHub.Tokens;

/// <summary>
/// The single-use secret that opens one connection: <c>wstoken</c> and 256 random bits as base64url, 50 characters in all.
/// </summary>
/// <remarks>It prints as its fingerprint, so that no log, exception or debugger shows the secret by accident.</remarks>
public readonly record struct AccessToken
{
    internal const string Prefix = "wstoken";
    private const int SeedDigits = 32;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private readonly string _secret;

    private AccessToken(string secret, bool isSeedFormat = false)
    {
        _secret = secret;
        Hash = Secret.Hash(secret);
        IsSeedFormat = isSeedFormat;
    }

    /// <summary>Lower-case hex SHA-256 of the token: the name under which its record is stored.</summary>
    internal string Hash { get; }

    /// <summary>Eight hex digits of the hash: enough to find a token in the logs, useless to open a connection.</summary>
    internal string Fingerprint => Hash[..8];

    /// <summary>Whether a site of the seed minted it: its record lies under the token itself, and is a <see cref="SeedRecord"/>.</summary>
    internal bool IsSeedFormat { get; }

    /// <summary>A new token from the system's cryptographic random source.</summary>
    public static AccessToken Create() => new(Secret.Create(Prefix));

    /// <summary>Reads a token that a client shows. Says nothing of whether it was ever minted.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AccessToken token)
    {
        var isToken = text is not null && Secret.IsWellFormed(Prefix, text);
        token = isToken ? new AccessToken(text!) : default;
        return isToken;
    }

    /// <summary>Reads a token of the seed format, <c>wstoken</c> and 32 hex digits, for a hub that accepts those as well.</summary>
    internal static bool TryParseSeedFormat([NotNullWhen(true)] string? text, out AccessToken token)
    {
        var isToken = text?.Length == Prefix.Length + SeedDigits
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && text.AsSpan(Prefix.Length).IndexOfAnyExcept(HexDigits) < 0;
        token = isToken ? new AccessToken(text!, isSeedFormat: true) : default;
        return isToken;
    }

    /// <summary>The secret itself, for the client it was minted for and nobody else.</summary>
    public string Reveal() => _secret;

    /// <summary>The fingerprint, never the secret.</summary>
    public override string ToString() => $"{Prefix}…#{Fingerprint}";
}
