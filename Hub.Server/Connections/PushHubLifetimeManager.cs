using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Authentication;
using RealtimeHub.Delivery;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>
/// What SignalR asks of a backplane, on the router: a connection is reachable when <see cref="OnConnectedAsync"/> has ended, and calls made
/// through <c>IHubContext</c> reach who is connected now, on every node: at most once, in no log.
/// </summary>
internal sealed class PushHubLifetimeManager(
    ConnectionRegistry registry,
    ConnectionOpening opening,
    ConnectionAttachment attachment,
    ConnectionEndings endings,
    RemoteGroups groups,
    RemoteCalls calls,
    CallEncoder encoder,
    ConnectMetrics metrics,
    FollowedUsers followed,
    DrainState drain)
    : HubLifetimeManager<PushHub>
{
    /// <remarks>
    /// While the store is away the client is told so. It ends as if it had gone by itself: an exception would take the closing message
    /// with it.
    /// </remarks>
    public override async Task OnConnectedAsync(HubConnectionContext connection)
    {
        ClientTimeout.Start(connection);
        var client = endings.Watch(connection);
        try
        {
            await opening.OpenAsync(connection, client, TokenTicket.GroupsOf(connection.User).Select(Address.Group).Distinct());
            if (drain.HasBegun)
            {
                // It was let in before the drain began, and may have come too late to be told with the others.
                client.Shut(CloseReason.NodeStopping);
            }
        }
        catch (StoreUnavailableException)
        {
            client.Shut(CloseReason.StoreUnavailable);
        }
        catch (Exception failure)
        {
            endings.Fail(client, failure);
        }

        metrics.Connected(client);
        if (followed.Any)
        {
            followed.Note(
                client.User?.Name, client.HasOpened ? "connected" : "refused",
                client.HasOpened ? $"{client.Details.Client ?? "A client"} has connected over {client.Details.Transport}."
                    : $"{client.Reason?.Code}: {client.Reason?.Sentence}", client.Id);
        }
    }

    public override async Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        if (registry.TryFind(connection.ConnectionId, out var client))
        {
            ConnectionEndings.Conclude(connection, client);
            await attachment.DetachAsync(client);
        }
    }

    public override Task AddToGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default) =>
        groups.JoinAsync(connectionId, Address.Group(groupName)).WaitAsync(cancellationToken);

    public override Task RemoveFromGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default) =>
        groups.LeaveAsync(connectionId, Address.Group(groupName)).WaitAsync(cancellationToken);

    public override Task SendAllAsync(string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        CallAsync(Address.Everyone, [], methodName, args);

    public override Task SendAllExceptAsync(
        string methodName, object?[] args, IReadOnlyList<string> excludedConnectionIds,
        CancellationToken cancellationToken = default) =>
        CallAsync(Address.Everyone, excludedConnectionIds, methodName, args);

    public override Task SendGroupAsync(
        string groupName, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        CallAsync(Address.Group(groupName), [], methodName, args);

    public override Task SendGroupExceptAsync(
        string groupName, string methodName, object?[] args, IReadOnlyList<string> excludedConnectionIds,
        CancellationToken cancellationToken = default) =>
        CallAsync(Address.Group(groupName), excludedConnectionIds, methodName, args);

    public override Task SendGroupsAsync(
        IReadOnlyList<string> groupNames, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        Task.WhenAll(groupNames.Select(group => SendGroupAsync(group, methodName, args, cancellationToken)));

    public override Task SendUserAsync(string userId, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        CallAsync(Address.User(userId), [], methodName, args);

    public override Task SendUsersAsync(
        IReadOnlyList<string> userIds, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        Task.WhenAll(userIds.Select(user => SendUserAsync(user, methodName, args, cancellationToken)));

    public override Task SendConnectionAsync(
        string connectionId, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendConnectionsAsync([connectionId], methodName, args, cancellationToken);

    public override Task SendConnectionsAsync(
        IReadOnlyList<string> connectionIds, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        calls.SendAsync(connectionIds, encoder.Encode(methodName, args));

    public override Task<T> InvokeConnectionAsync<T>(
        string connectionId, string methodName, object?[] args, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The push hub asks clients nothing: results of client methods are not offered.");

    private Task CallAsync(Address address, IReadOnlyList<string> except, string methodName, object?[] args) =>
        calls.SendAsync(address, except, encoder.Encode(methodName, args));
}
