using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Routing;

/// <summary>Three nodes on one Redis.</summary>
public abstract class ThreeNodeTests(RedisRouting redis) : RouterTests(redis)
{
    /// <summary>One of each kind that connections attach to.</summary>
    public static TheoryData<string> Addresses => ["user:alice", "group:room"];

    private protected RedisServer Redis => redis.Redis;

    private protected RouterNode Second { get; private set; } = null!;

    private protected RouterNode Third { get; private set; } = null!;

    private protected IReadOnlyList<RouterNode> All => [Node, Second, Third];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Second = await redis.OpenOneMoreAsync();
        Third = await redis.OpenOneMoreAsync();
    }

    public override async Task DisposeAsync()
    {
        await Third.DisposeAsync();
        await Second.DisposeAsync();
        await base.DisposeAsync();
    }

    private protected static async Task AttachAsync(Address address, params (RouterNode Node, string Connection)[] connections) =>
        await Task.WhenAll(connections.Select(connection => connection.Node.Router.AttachAsync(address, connection.Connection)));
}
