using RealtimeHub.Delivery;
using RealtimeHub.Nodes;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>Changes the groups of a connection, wherever it hangs: here, or at the node that the directory names.</summary>
/// <remarks>
/// All of it throws <see cref="InvalidOperationException"/> if no node has the connection or it may not be in more groups,
/// <see cref="TimeoutException"/> if its node is silent, <see cref="NotSupportedException"/> if that is of a version that knows no such
/// request, and <see cref="StoreUnavailableException"/>.
/// </remarks>
internal sealed class RemoteGroups(
    IConnectionDirectory directory, NodeRequests requests, ConnectionRegistry registry, GroupMembership groups, LiveGroups live)
{
    /// <summary>Returns when the connection gets the group's messages.</summary>
    public Task JoinAsync(string connectionId, Address group) => registry.TryFind(connectionId, out var connection)
        ? live.JoinAsync(connection, group, GroupSources.Host)
        : AskAsync(connectionId, new JoinGroup(connectionId, group));

    /// <summary>Returns when the connection gets the group's messages no more.</summary>
    public Task LeaveAsync(string connectionId, Address group) => registry.TryFind(connectionId, out var connection)
        ? groups.LeaveAsync(connection, group)
        : AskAsync(connectionId, new LeaveGroup(connectionId, group));

    /// <summary>Does what another node asks, and answers it.</summary>
    public Task HandleAsync(JoinGroup join) =>
        requests.AnswerAsync(join, () => live.JoinAsync(Find(join.Connection), join.Group, GroupSources.Host));

    /// <summary>Does what another node asks, and answers it.</summary>
    public Task HandleAsync(LeaveGroup leave) =>
        requests.AnswerAsync(leave, () => groups.LeaveAsync(Find(leave.Connection), leave.Group));

    private async Task AskAsync(string connectionId, NodeRequest request)
    {
        var located = await directory.LocateAsync([connectionId]);
        await requests.AskAsync(located.TryGetValue(connectionId, out var node) ? node : throw Missing(connectionId), request);
    }

    private ClientConnection Find(string connectionId) =>
        registry.TryFind(connectionId, out var connection) ? connection : throw Missing(connectionId);

    private static InvalidOperationException Missing(string connectionId) =>
        new($"No node has the connection {connectionId}. It has ended, or never was one: pass the ConnectionId of an open connection of the push hub.");
}
