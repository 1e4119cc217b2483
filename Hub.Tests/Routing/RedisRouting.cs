using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Tests.Fixtures;
using StackExchange.Redis;

namespace RealtimeHub.Tests.Routing;

/// <summary>
/// On a Redis of the suite's own, by whose clock logs live and die. The nodes' time stands still, so that no heartbeat comes between.
/// </summary>
public sealed class RedisRouting : RoutingMode, IAsyncLifetime
{
    internal RedisServer Redis { get; } = new();

    public Task InitializeAsync() => Redis.InitializeAsync();

    public Task DisposeAsync() => Redis.DisposeAsync();

    internal override async Task<RouterNode> OpenNodeAsync(params (string Key, string Value)[] settings)
    {
        await Redis.Server.FlushAllDatabasesAsync();
        return await OpenOneMoreAsync(settings);
    }

    /// <summary>Opens another node beside those that there are.</summary>
    internal Task<RouterNode> OpenOneMoreAsync(params (string Key, string Value)[] settings) =>
        RouterNode.OpenAsync(new FakeTimeProvider(), [("Redis:Connection", Redis.Connection), .. settings]);

    /// <summary>Lets Redis be as a replica that has taken over without what was written at last.</summary>
    internal async Task FailOverWithoutAsync(Func<Task> write)
    {
        var database = Redis.Database;
        var replicated = new List<(RedisKey Key, byte[] Value, TimeSpan? Life)>();
        foreach (var key in Redis.Server.Keys().ToList())
        {
            replicated.Add((key, (await database.KeyDumpAsync(key))!, await database.KeyTimeToLiveAsync(key)));
        }

        await write();
        await Redis.Server.FlushAllDatabasesAsync();
        foreach (var (key, value, life) in replicated)
        {
            await database.KeyRestoreAsync(key, value, life);
        }
    }

    internal override Task AdvanceAsync(TimeSpan time) => Redis.AdvanceAsync(time);
}
