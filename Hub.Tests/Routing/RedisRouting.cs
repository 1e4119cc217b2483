using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Routing;

/// <summary>On a Redis of the suite's own, by whose clock logs live and die. The nodes' time stands still, so that no beat comes between.</summary>
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

    internal override Task AdvanceAsync(TimeSpan time) => Redis.AdvanceAsync(time);
}
