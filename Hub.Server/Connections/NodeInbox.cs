using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>Takes in what the router has for this node, and hands it to the connections that it is for.</summary>
internal sealed class NodeInbox(Roster roster, RemoteGroups groups, HeadNotice notice, QuietCheck check, TimeProvider time)
{
    public Inbox ToInbox() => new(Deliver, Obey, check.Doubt);

    private void Deliver(RoutedMessage message)
    {
        if (!roster.TryFind(message.Address, out var local))
        {
            return;
        }

        var members = local.Hear(message, time.GetUtcNow());
        if (message.IsTear)
        {
            notice.Send(local, members);
        }
        else
        {
            Write(Outgoing.Receive(message), members);
        }
    }

    private void Obey(ReadOnlyMemory<byte> bytes)
    {
        switch (Signal.Read(bytes))
        {
            case { Kind: SignalKind.Call } call: Call(call); break;
            case { } other: groups.Obey(other); break;
        }
    }

    private void Call(Signal signal)
    {
        var call = new Outgoing(signal.Call);
        if (signal.Address is { } address && roster.TryFind(address, out var local))
        {
            Write(call, local.Members.Where(member => !signal.Except.Contains(member.Id)));
        }

        foreach (var id in signal.Connections)
        {
            if (roster.TryFind(id, out var connection))
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
