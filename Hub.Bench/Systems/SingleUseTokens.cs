using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RealtimeHub.Bench.Load;
using StackExchange.Redis;

namespace RealtimeHub.Bench.Systems;

/// <summary>Mints as any backend may: a SET for each token (docs/protocol.md), all behind one another.</summary>
internal static class SingleUseTokens
{
    /// <summary>
    /// A token of the hub lives for 20 seconds. Here a slow system, or a crowd, may need longer until it comes to the last of them.
    /// </summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static async Task<string[]> MintAsync(IDatabase redis, IReadOnlyList<Visitor> visitors)
    {
        string[] tokens = [.. visitors.Select(_ => "wstoken" + Base64Url(RandomNumberGenerator.GetBytes(32)))];
        await Task.WhenAll(tokens.Zip(visitors, (token, visitor) => redis.StringSetAsync(
            "hub:token:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token))),
            JsonSerializer.Serialize(new { sub = visitor.Name, groups = visitor.Groups }),
            Lifetime)));
        return tokens;
    }

    private static string Base64Url(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
