using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>What the seed's Django template tag does, line by line.</summary>
internal static class SeedTag
{
    public static Task<string> MintAsync(IDatabase redis, string user) => MintAsync(redis, user, TimeProvider.System.GetUtcNow());

    public static Task<string> MintAsync(IDatabase redis, string user, DateTimeOffset time) =>
        StoreAsync(redis, JsonSerializer.Serialize(new { user, time = time.ToString("dd:MM:yyyy:HH:mm:ss", CultureInfo.InvariantCulture) }));

    /// <summary>Stores whatever is given as the record of a new token.</summary>
    public static async Task<string> StoreAsync(IDatabase redis, string record)
    {
        var token = "wstoken" + Guid.NewGuid().ToString("N");
        await redis.StringSetAsync(token, record);
        return token;
    }
}
