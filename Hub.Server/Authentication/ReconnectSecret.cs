using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using RealtimeHub.Operations;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>
/// What a connection was given to come back with, once, without a token: <c>wsreconnect</c>, its user in base64url, a dot, and 256 random
/// bits in base64url.
/// </summary>
/// <remarks>Who shows it says by it where it is to be looked for: in the slot of the user.</remarks>
internal readonly record struct ReconnectSecret
{
    internal const string Prefix = "wsreconnect";

    private const char BeforeRandom = '.';

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _secret;

    private ReconnectSecret(string user, string secret)
    {
        (User, _secret) = (user, secret);
        Hash = Secret.Hash(secret);
    }

    /// <summary>Whose it says that it is. Whether it is, only the store knows.</summary>
    public string User { get; }

    /// <summary>Lower-case hex SHA-256 of all of it: what is stored in its place.</summary>
    public string Hash { get; }

    public static ReconnectSecret Create(string user) =>
        new(user, Secret.Create($"{Prefix}{Base64Url.EncodeToString(Strict.GetBytes(user))}{BeforeRandom}"));

    public static bool TryParse([NotNullWhen(true)] string? text, out ReconnectSecret secret)
    {
        var user = text is null ? null : UserIn(text);
        secret = user is null ? default : new ReconnectSecret(user, text!);
        return user is not null;
    }

    /// <summary>The secret itself, for the client of the connection and nobody else.</summary>
    public string Reveal() => _secret;

    public override string ToString() => $"{Prefix}…#{Hash[..8]}";

    private static string? UserIn(string text)
    {
        var dot = text.LastIndexOf(BeforeRandom);
        return dot > Prefix.Length && text.StartsWith(Prefix, StringComparison.Ordinal)
            && Secret.IsWellFormed(text[..(dot + 1)], text)
            && TryDecode(text.AsSpan(Prefix.Length..dot), out var user) && Identifier.IsValid(user) ? user : null;
    }

    private static bool TryDecode(ReadOnlySpan<char> encoded, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = Strict.GetString(Base64Url.DecodeFromChars(encoded));
        }
        catch (Exception broken) when (broken is FormatException or ArgumentException)
        {
            text = null;
        }

        return text is not null;
    }
}
