using RealtimeHub.Delivery;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>
/// The groups of this node's connections. The directory knows only the node: it is entered with a group's first member, and removed with
/// the last.
/// </summary>
internal sealed class GroupMembership(IMessageRouter router, ConnectionRegistry registry, FanOut fanOut)
{
    /// <summary>Makes a connection reachable in a group.</summary>
    public async Task JoinAsync(ClientConnection connection, Address group)
    {
        if (!connection.Enter(group))
        {
            return;
        }

        while (!await TryJoinAsync(connection, registry.Open(group)))
        {
            // The last member has left in this moment: attach the group again.
        }
    }

    public async Task LeaveAsync(ClientConnection connection, Address group)
    {
        if (connection.Exit(group) && registry.TryFind(group, out var local))
        {
            local.Remove(connection);
            await (local.Members.Length == 0 ? CheckAsync(local) : Task.CompletedTask);
        }
    }

    /// <summary>Enters the group in the directory again, or removes it if it has no members left.</summary>
    /// <returns>The head of its log; null if it has no members left.</returns>
    public async Task<Cursor?> CheckAsync(LocalAddress group)
    {
        await group.Gate.WaitAsync();
        try
        {
            if (group.Members is [var member, ..])
            {
                return (await router.AttachAsync(group.Address, member.Id, group.Head)).Head;
            }

            if (!group.IsRetired)
            {
                await router.DetachAsync(group.Address, connectionId: "");
                registry.Close(group);
            }

            return null;
        }
        finally
        {
            group.Gate.Release();
        }
    }

    private async Task<bool> TryJoinAsync(ClientConnection connection, LocalAddress group)
    {
        await group.Gate.WaitAsync();
        try
        {
            var isFirst = group.Members.Length == 0;
            if (!group.TryAdd(connection))
            {
                return false;
            }

            if (isFirst || group.Head is null)
            {
                var known = group.Head;
                fanOut.Reconcile(group, (await router.AttachAsync(group.Address, connection.Id, known)).Head, known);
            }

            return true;
        }
        finally
        {
            group.Gate.Release();
        }
    }
}
