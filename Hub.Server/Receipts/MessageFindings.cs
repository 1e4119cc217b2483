using RealtimeHub.Delivery;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;

namespace RealtimeHub.Receipts;

/// <summary>What the nodes have done with a message for the connections of a user: each is asked, and remembers a while.</summary>
internal sealed class MessageFindings(
    IConnectionDirectory directory, NodeRequests requests, ConnectionRegistry registry, RecentDeliveries deliveries, RecentlyEnded ended,
    NodeId self)
{
    /// <summary>What each living node says; null from one that does not answer.</summary>
    public async Task<IReadOnlyList<(NodeId Node, NodeFinding? Finding)>> AskAsync(Address user, Address address, Cursor id)
    {
        var nodes = (await directory.NodesAsync()).OrderBy(node => node.Value, StringComparer.Ordinal);
        var asked = new ExplainMessage(user.Name, address, id.ToString());
        return await Task.WhenAll(nodes.Select(async node => (node, await AskAsync(node, asked))));
    }

    /// <summary>Tells another node what this one has done.</summary>
    public Task HandleAsync(ExplainMessage asked) => requests.TellAsync(asked, () => Find(asked), FindingJson.Default.NodeFinding);

    private async Task<NodeFinding?> AskAsync(NodeId node, ExplainMessage asked)
    {
        try
        {
            return await requests.AskAsync(node, asked, FindingJson.Default.NodeFinding);
        }
        catch (Exception fault) when (NodeRequests.IsSilence(fault))
        {
            return null;
        }
    }

    private NodeFinding Find(ExplainMessage asked)
    {
        var (user, address) = (Address.User(asked.User), asked.Address);
        _ = Cursor.TryParse(asked.Id, out var id);
        registry.TryFind(address, out var local);
        var here = registry.TryFind(user, out var of) ? of.Members : [];
        var deliveredAt = deliveries.TimeOf(address, id);
        return new NodeFinding(
            self.Value,
            deliveredAt,
            [
                .. here.Select(connection => Of(connection.Id, connection.Details, DecisionFor(connection, local, address, id))),
                .. ended.Of(user).Select(over => Of(over.Id, over.Details, DecisionFor(over, address, id, deliveredAt)) with
                {
                    EndedAt = over.EndedAt,
                    Code = over.Code,
                }),
            ]);
    }

    private static ConnectionFinding Of(string id, ConnectionDetails details, Decision decision) => new()
    {
        Id = id,
        Client = details.Client,
        Since = details.Since,
        Decision = decision,
    };

    private static Decision DecisionFor(ClientConnection connection, LocalAddress? local, Address address, Cursor id) =>
        local is null || !connection.Owns(address) ? Decision.NoMember
        : local.JoinedAt(connection) is { } joined && id.Offset <= joined.Offset ? Decision.JoinedLater
        : local.Head is not { } head || id.Offset > head.Offset ? Decision.NotHere
        : connection.Outbox.Holds(id) ? Decision.Waiting
        : Decision.Sent;

    // Of a group it is not known when the connection was in it: the time decides, if it is known.
    private static Decision DecisionFor(EndedConnection over, Address address, Cursor id, DateTimeOffset? deliveredAt) =>
        address == over.User
            ? over.JoinedAt is { } joined && id.Offset <= joined.Offset ? Decision.JoinedLater
            : over.Head is { } head && id.Offset <= head.Offset ? Decision.EndedSince
            : Decision.EndedBefore
        : deliveredAt > over.EndedAt ? Decision.EndedBefore
        : Decision.EndedSince;
}
