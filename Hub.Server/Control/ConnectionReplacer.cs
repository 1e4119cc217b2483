using RealtimeHub.Delivery;
using RealtimeHub.Nodes;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Control;

/// <summary>Closes connections in whose place their clients have come back, and tells other nodes of theirs.</summary>
internal sealed class ConnectionReplacer(ConnectionRegistry registry, ConnectionEnder ender, IMessageRouter router, TimeProvider time)
{
    /// <summary>How long a client may keep the connection that it has moved on from.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>So long it is gathered what a node is to be told: in a storm one command names many connections.</summary>
    internal static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Dictionary<NodeId, List<string>> _untold = [];

    /// <summary>Tells the node that has a connection, soon. If it cannot be told, the connection ends when its client is silent.</summary>
    public void Tell(NodeId node, string connectionId)
    {
        lock (_lock)
        {
            if (_untold.TryGetValue(node, out var gathered))
            {
                gathered.Add(connectionId);
                return;
            }

            _untold.Add(node, [connectionId]);
        }

        _ = TellSoonAsync(node);
    }

    /// <summary>Enters them in the directory no more, and closes those that their clients have not closed in time.</summary>
    public async Task HandleAsync(ReplaceConnections told)
    {
        ClientConnection[] replaced = [.. Here(told.Connections)];
        Array.ForEach(replaced, connection => connection.Replace());
        await (replaced.Length > 0 ? Task.Delay(Grace, time) : Task.CompletedTask);
        ender.End([.. Here(replaced.Select(connection => connection.Id))], CloseReason.Replaced);
    }

    private async Task TellSoonAsync(NodeId node)
    {
        await Task.Delay(Gathering, time);
        try
        {
            await router.SendCommandAsync(node, new ReplaceConnections(Gathered(node)).Write());
        }
        catch (StoreUnavailableException)
        {
            // As said there.
        }
    }

    private List<string> Gathered(NodeId node)
    {
        lock (_lock)
        {
            return _untold.Remove(node, out var gathered) ? gathered : [];
        }
    }

    private IEnumerable<ClientConnection> Here(IEnumerable<string> ids) =>
        ids.Select(id => registry.TryFind(id, out var here) ? here : null).OfType<ClientConnection>();
}
