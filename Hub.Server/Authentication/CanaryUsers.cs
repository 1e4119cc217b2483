using System.Collections.Concurrent;
using System.Security.Cryptography;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>The users that this node is itself, while it exercises its own way: they count as nobody.</summary>
internal sealed class CanaryUsers
{
    private const string Prefix = "canary:";
    private const int Digits = 32;

    /// <summary>Each with the hash of its token, once it has one.</summary>
    private readonly ConcurrentDictionary<string, string?> _present = new(StringComparer.Ordinal);

    /// <summary>A new one, whom nobody else can be or reach: its name has 128 random bits.</summary>
    public string Enter()
    {
        var name = Prefix + RandomNumberGenerator.GetHexString(Digits, lowercase: true);
        _present[name] = null;
        return name;
    }

    /// <summary>Takes note of the token with which one connects.</summary>
    public void Mint(string name, AccessToken token) => _present[name] = token.Hash;

    /// <summary>Whether one of them shows this. It is not limited, and cannot tell by its user, for whom the token must be spent.</summary>
    public bool HasMinted(Credential credential) =>
        !_present.IsEmpty && credential.Token is { } token && _present.Any(canary => canary.Value == token.Hash);

    public void Leave(string name) => _present.TryRemove(name, out _);

    /// <summary>Whether a user may be one of some node: of another, only the name tells.</summary>
    public static bool IsNamedLikeOne(string user) =>
        user.Length == Prefix.Length + Digits && user.StartsWith(Prefix, StringComparison.Ordinal)
        && user[Prefix.Length..].All(char.IsAsciiHexDigitLower);

    public bool Contains(string user) => _present.ContainsKey(user);
}
