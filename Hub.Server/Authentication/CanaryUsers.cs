using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>
/// The users that nodes are themselves, while they exercise their own ways, and those that pages of the dashboard are: they count as
/// nobody.
/// </summary>
internal sealed class CanaryUsers
{
    private const string Prefix = "canary:";
    private const int Digits = 32;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    /// <summary>The hashes of the tokens that are under way, each with its user.</summary>
    private readonly ConcurrentDictionary<string, string> _minted = new(StringComparer.Ordinal);

    /// <summary>A new one, whom nobody else can be or reach: its name has 128 random bits.</summary>
    public static string Enter() => Prefix + RandomNumberGenerator.GetHexString(Digits, lowercase: true);

    /// <summary>
    /// The one that a node is all the time. All nodes know the name, but only that node has a token that opens anything for it.
    /// </summary>
    /// <param name="node">The node's id, which has as many digits.</param>
    public static string StandingAt(string node) => Prefix + node;

    /// <summary>Takes note of the token with which one connects.</summary>
    public void Mint(string name, AccessToken token) => _minted[token.Hash] = name;

    /// <summary>Whether one of them shows this. It is not limited, and cannot tell by its user, for whom the token must be spent.</summary>
    public bool HasMinted(Credential credential) =>
        !_minted.IsEmpty && credential.Token is { } token && _minted.ContainsKey(token.Hash);

    /// <summary>It shows its tokens no more.</summary>
    public void Leave(string name)
    {
        foreach (var minted in _minted.Where(minted => minted.Value == name))
        {
            _minted.TryRemove(minted);
        }
    }

    /// <summary>Whether a user may be one of some node: of another, only the name tells.</summary>
    public static bool IsNamedLikeOne(string user) =>
        user.Length == Prefix.Length + Digits && user.StartsWith(Prefix, StringComparison.Ordinal)
        && !user.AsSpan(Prefix.Length).ContainsAnyExcept(Hex);
}
