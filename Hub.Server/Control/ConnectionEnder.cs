using RealtimeHub.Delivery;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;

namespace RealtimeHub.Control;

/// <summary>Ends connections of this node, as another asks.</summary>
internal sealed class ConnectionEnder(
    ConnectionRegistry registry, ExpectedUsers expected, NodeRequests requests, EndedLabels labels, TimeProvider time)
{
    /// <summary>Who takes nothing, not even the reason, is cut off after this.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <summary>Does it, and tells how many there were.</summary>
    public Task HandleAsync(EndConnections asked) =>
        requests.TellAsync(asked, () => new EndAnswer(End(asked)), NodeCommandJson.Default.EndAnswer);

    /// <summary>Ends those that have made room for newer ones.</summary>
    public void Handle(EvictConnections told) => End([.. told.Connections.Select(Find).OfType<ClientConnection>()], CloseReason.UserFull);

    /// <summary>Ends connections of this node.</summary>
    /// <returns>How many were not ending already.</returns>
    public int End(ClientConnection[] connections, CloseReason reason)
    {
        _ = CutOffAsync(connections);
        return connections.Count(connection => connection.Shut(reason));
    }

    /// <summary>Finds a connection of this node that is to end, or to renew. One that is still opening ends when it is open.</summary>
    public ClientConnection? Find(string id)
    {
        if (!registry.TryFind(id, out var here))
        {
            expected.NoteEnd(id);
            registry.TryFind(id, out here);
        }

        return here;
    }

    private int End(EndConnections asked)
    {
        var reason = asked.Code == EndConnections.Banned
            ? CloseReason.Banned(asked.Reason)
            : CloseReason.Ended(asked.Reason, asked.MayComeBack);
        return End([.. Find(asked, reason)], reason);
    }

    // The label is remembered first: who is not found yet, finds it.
    private IEnumerable<ClientConnection> Find(EndConnections asked, CloseReason reason)
    {
        if (asked.Label is { } label)
        {
            labels.Add(label, reason);
            return registry.Connections.Where(connection => connection.Details.Labels.Contains(label));
        }

        return (asked.Connections ?? []).Select(Find).OfType<ClientConnection>();
    }

    private async Task CutOffAsync(ClientConnection[] connections)
    {
        await Task.Delay(Grace, time);
        foreach (var left in connections.Where(connection => registry.TryFind(connection.Id, out _)))
        {
            left.Abort();
        }
    }
}
