using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace RealtimeHub.Ingress;

/// <summary>The hashes of all configured keys.</summary>
internal sealed class ApiKeyRing(IOptions<ApiOptions> options)
{
    private readonly (string Name, byte[] Hash)[] _keys =
        [.. options.Value.Keys.Select(key => (key.Key, Convert.FromHexString(key.Value)))];

    public bool IsEmpty => _keys.Length == 0;

    /// <summary>The name that the key is configured under, or null.</summary>
    /// <remarks>It takes as long for a wrong key as for a right one, whichever it is: hashes of one length, all of them compared.</remarks>
    public string? NameOf(string key)
    {
        Span<byte> shown = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), shown);
        string? found = null;
        foreach (var (name, hash) in _keys)
        {
            found = CryptographicOperations.FixedTimeEquals(shown, hash) ? name : found;
        }

        return found;
    }
}
