using RealtimeHub.Bench.Systems;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;
using RealtimeHub.Tokens;

namespace RealtimeHub.Bench.Micro;

/// <summary>
/// A node that is nothing but its stores, registered as in the server, with a Redis of its own or none. What comes in it drops.
/// </summary>
internal sealed class BareNode : IAsyncDisposable
{
    private readonly RedisProcess? _redis;
    private readonly ServiceProvider _services;

    private BareNode(RedisProcess? redis)
    {
        _redis = redis;
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(SettingsFor(redis)).Build())
            .AddRealtimeHubTokens()
            .BuildServiceProvider();
    }

    public ISpendingTokenStore Tokens => _services.GetRequiredService<ISpendingTokenStore>();

    public IMessageRouter Router => _services.GetRequiredService<IMessageRouter>();

    public INodeChannel Channel => _services.GetRequiredService<INodeChannel>();

    public static async Task<BareNode> StartAsync(Store store)
    {
        var node = new BareNode(store == Store.Redis ? await RedisProcess.StartAsync() : null);
        await node.Channel.OpenAsync(new Inbox(_ => { }, _ => { }, () => { }));
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await Channel.CloseAsync();
        await _services.DisposeAsync();
        _redis?.Dispose();
    }

    private static Dictionary<string, string?> SettingsFor(RedisProcess? redis) =>
        redis is null ? [] : new() { ["Redis:Connection"] = $"127.0.0.1:{redis.Port}" };
}
