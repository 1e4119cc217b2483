using RealtimeHub.Delivery;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>
/// The groups of this node's connections. The directory knows only the node: it is entered with a group's first member, and removed with
/// the last.
/// </summary>
internal sealed class GroupMembership(IMessageRouter router, ConnectionRegistry registry, FanOut fanOut)
{
    /// <summary>Makes a connection reachable in a group. If that fails, it is not in the group, so that it can be tried again.</summary>
    public async Task JoinAsync(ClientConnection connection, Address group, GroupSources source)
    {
        if (!connection.Enter(group, source))
        {
            return;
        }

        try
        {
            await AddAsync(connection, group);
        }
        catch
        {
            Undo(connection, group, source);
            throw;
        }
    }

    /// <summary>Undoes it, unless something else keeps the connection in the group.</summary>
    public Task LeaveAsync(ClientConnection connection, Address group, GroupSources source = GroupSources.Any) =>
        connection.Exit(group, source) ? RemoveAsync(connection, group) : Task.CompletedTask;

    /// <summary>Takes a connection that is over out of all its groups.</summary>
    public Task LeaveAllAsync(ClientConnection connection) =>
        Task.WhenAll(connection.ExitAll().Select(group => RemoveAsync(connection, group)));

    /// <summary>Makes a connection reachable in the groups that it has entered, and in those no more that it has left.</summary>
    public Task FollowAsync(ClientConnection connection, GroupChanges changes) => Task.WhenAll(
    [
        .. (changes.Entered ?? []).Select(group => AddAsync(connection, group)),
        .. (changes.Left ?? []).Select(group => RemoveAsync(connection, group)),
    ]);

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

    // The directory does not answer: the next check of the group takes this node out there, if nobody else is in the group.
    private void Undo(ClientConnection connection, Address group, GroupSources source)
    {
        if (connection.Exit(group, source) && registry.TryFind(group, out var local))
        {
            local.Remove(connection);
        }
    }

    // Others may join and leave at the same time. What the connection says last, holds.
    private async Task AddAsync(ClientConnection connection, Address group)
    {
        while (!await TryAddAsync(connection, registry.Open(group)))
        {
            // The last member has left in this moment: attach the group again.
        }

        await (connection.IsIn(group) ? Task.CompletedTask : RemoveAsync(connection, group));
    }

    private async Task RemoveAsync(ClientConnection connection, Address group)
    {
        if (registry.TryFind(group, out var local))
        {
            local.Remove(connection);
            await (local.Members.Length == 0 ? CheckAsync(local) : Task.CompletedTask);
        }

        await (connection.IsIn(group) ? AddAsync(connection, group) : Task.CompletedTask);
    }

    private async Task<bool> TryAddAsync(ClientConnection connection, LocalAddress group)
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
