using RealtimeHub.Delivery;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>
/// The groups of connections that are open already: who joins one is told its head, and can tell from then on what it misses.
/// </summary>
internal sealed class LiveGroups(ConnectionRegistry registry, GroupMembership groups, HeadNotice notice)
{
    /// <summary>Returns when the connection gets the group's messages.</summary>
    /// <exception cref="InvalidOperationException">It is in as many groups as it may be.</exception>
    public async Task JoinAsync(ClientConnection connection, Address group, GroupSources source)
    {
        await groups.JoinAsync(connection, group, source);
        Tell(connection, group);
    }

    /// <summary>
    /// Returns when the connection gets the messages of the groups that it has entered, and of those no more that it has left.
    /// </summary>
    public async Task FollowAsync(ClientConnection connection, GroupChanges changes)
    {
        await groups.FollowAsync(connection, changes);
        foreach (var group in changes.Entered ?? [])
        {
            Tell(connection, group);
        }
    }

    private void Tell(ClientConnection connection, Address group)
    {
        if (registry.TryFind(group, out var local))
        {
            notice.Send(local, [connection]);
        }
    }
}
