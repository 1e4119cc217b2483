using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace RealtimeHub.Insight;

/// <summary>
/// The key by which the canary uses the HTTP API of its own node. Nobody is told it, and it opens nothing once the node is warm.
/// </summary>
internal sealed class CanaryKey
{
    /// <summary>The name that it has among those of <c>Api:Keys</c>, where none has a colon.</summary>
    public const string Name = "canary:";

    private const int Digits = 64;

    private readonly string _key = RandomNumberGenerator.GetHexString(Digits, lowercase: true);
    private volatile byte[]? _hash;

    public CanaryKey(IOptions<WarmupOptions> warmup) =>
        _hash = warmup.Value.Enabled ? SHA256.HashData(Encoding.ASCII.GetBytes(_key)) : null;

    /// <summary>The key itself, for the canary and nobody else.</summary>
    public string Reveal() => _key;

    /// <summary>Whether this is the SHA-256 of the key, and the key is still good.</summary>
    public bool Matches(ReadOnlySpan<byte> hash) => _hash is { } own && CryptographicOperations.FixedTimeEquals(hash, own);

    /// <summary>From now on it opens nothing.</summary>
    public void Expire() => _hash = null;
}
