using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Presence;

public sealed class RedisConnectionsTests(TwoNodes nodes) : ConnectionsContract, IClassFixture<TwoNodes>
{
    private int _next;

    protected override Node Asked => nodes.Second;

    protected override Node Entrance() => Interlocked.Increment(ref _next) % 2 == 0 ? nodes.First : nodes.Second;
}
