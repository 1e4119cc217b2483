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

    /// <summary>Tells the node that has a connection. If it cannot be told, the connection ends when its client is silent.</summary>
    public async Task TellAsync(NodeId node, string connectionId)
    {
        try
        {
            await router.SendCommandAsync(node, new ReplaceConnections([connectionId]).Write());
        }
        catch (StoreUnavailableException)
        {
            // As above.
        }
    }

    /// <summary>Enters them in the directory no more, and closes those that their clients have not closed in time.</summary>
    public async Task HandleAsync(ReplaceConnections told)
    {
        ClientConnection[] replaced = [.. Here(told.Connections)];
        Array.ForEach(replaced, connection => connection.Replace());
        await (replaced.Length > 0 ? Task.Delay(Grace, time) : Task.CompletedTask);
        ender.End([.. Here(replaced.Select(connection => connection.Id))], CloseReason.Replaced);
    }

    private IEnumerable<ClientConnection> Here(IEnumerable<string> ids) =>
        ids.Select(id => registry.TryFind(id, out var here) ? here : null).OfType<ClientConnection>();
}
