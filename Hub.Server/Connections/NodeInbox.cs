using RealtimeHub.Delivery;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>Takes in what the router has for this node, and hands it to the connections that it is for.</summary>
internal sealed class NodeInbox(ConnectionRegistry registry, FanOut fanOut, RemoteGroups groups, PositionCheck check)
{
    public Inbox ToInbox() => new(fanOut.Deliver, Handle, check.MarkStale);

    private void Handle(ReadOnlyMemory<byte> bytes)
    {
        switch (NodeCommand.Read(bytes))
        {
            case { Kind: NodeCommandKind.Call } call: Call(call); break;
            case { } other: groups.Handle(other); break;
        }
    }

    private void Call(NodeCommand command)
    {
        var call = new Outgoing(command.Call);
        if (command.Address is { } address && registry.TryFind(address, out var local))
        {
            Write(call, local.Members.Where(member => !command.Except.Contains(member.Id)));
        }

        foreach (var id in command.Connections)
        {
            if (registry.TryFind(id, out var connection))
            {
                connection.Outbox.Write(call);
            }
        }
    }

    private static void Write(Outgoing call, IEnumerable<ClientConnection> connections)
    {
        foreach (var connection in connections)
        {
            connection.Outbox.Write(call);
        }
    }
}
