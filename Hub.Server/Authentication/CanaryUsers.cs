using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace RealtimeHub.Authentication;

/// <summary>The users that this node is itself, while it exercises its own way: they count as nobody.</summary>
internal sealed class CanaryUsers
{
    private const string Prefix = "canary:";
    private const int Digits = 32;

    private readonly ConcurrentDictionary<string, bool> _present = new(StringComparer.Ordinal);

    /// <summary>A new one, whom nobody else can be or reach: its name has 128 random bits.</summary>
    public string Enter()
    {
        var name = Prefix + RandomNumberGenerator.GetHexString(Digits, lowercase: true);
        _present[name] = true;
        return name;
    }

    public void Leave(string name) => _present.TryRemove(name, out _);

    public bool Contains(string user) => _present.ContainsKey(user);
}
