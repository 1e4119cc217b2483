using RealtimeHub.Delivery;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>Calls clients in the name of an <c>IHubContext</c>, wherever they hang: at most once, in no log.</summary>
internal sealed class RemoteCalls(IMessageRouter router, IConnectionDirectory directory, ConnectionRegistry registry)
{
    /// <summary>Calls the connections of an address, but for some.</summary>
    public Task SendAsync(Address address, IReadOnlyList<string> except, ReadOnlyMemory<byte> call) =>
        router.SendCommandAsync(address, new CallAddress(address, except) { Body = call }.Write());

    /// <summary>
    /// Calls connections: those that are here, and the others through the nodes that the directory names. Who is nowhere is skipped.
    /// </summary>
    public Task SendAsync(IReadOnlyList<string> connectionIds, ReadOnlyMemory<byte> call)
    {
        var outgoing = new Outgoing(call);
        var elsewhere = new List<string>();
        foreach (var id in connectionIds.Distinct())
        {
            if (!TryWrite(id, outgoing))
            {
                elsewhere.Add(id);
            }
        }

        return elsewhere.Count == 0 ? Task.CompletedTask : SendElsewhereAsync(elsewhere, call);
    }

    /// <summary>Does what another node asks.</summary>
    public void Handle(CallAddress command)
    {
        if (!registry.TryFind(command.Address, out var local))
        {
            return;
        }

        var call = new Outgoing(command.Body);
        foreach (var member in local.Members.Where(member => !command.Except.Contains(member.Id)))
        {
            member.Outbox.Write(call);
        }
    }

    /// <summary>Does what another node asks.</summary>
    public void Handle(CallConnections command)
    {
        var call = new Outgoing(command.Body);
        foreach (var id in command.Connections)
        {
            TryWrite(id, call);
        }
    }

    private async Task SendElsewhereAsync(IReadOnlyList<string> connectionIds, ReadOnlyMemory<byte> call)
    {
        var located = await directory.LocateAsync(connectionIds);
        await Task.WhenAll(located.GroupBy(at => at.Value, at => at.Key).Select(
            node => router.SendCommandAsync(node.Key, new CallConnections([.. node]) { Body = call }.Write())));
    }

    private bool TryWrite(string connectionId, Outgoing call)
    {
        var isHere = registry.TryFind(connectionId, out var connection);
        connection?.Outbox.Write(call);
        return isHere;
    }
}
