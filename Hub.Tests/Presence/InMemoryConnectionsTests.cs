using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Presence;

public sealed class InMemoryConnectionsTests(InMemoryNode node) : ConnectionsContract, IClassFixture<InMemoryNode>
{
    protected override Node Asked => node.Node;

    protected override Node Entrance() => node.Node;
}
