using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Delivery;
using RealtimeHub.Receipts;
using RealtimeHub.Redis;
using RealtimeHub.Resuming;

namespace RealtimeHub.Connections;

/// <summary>The hub at <c>/hub</c>. Clients listen and resume; backends publish with <c>IPublisher</c>.</summary>
public sealed class PushHub : Hub<IPushClient>
{
    private readonly Resumption _resumption;
    private readonly ConnectionRenewal _renewal;
    private readonly ConnectionRegistry _registry;
    private readonly ClientGroups _groups;
    private readonly ClientReceipts _receipts;

    internal PushHub(
        Resumption resumption, ConnectionRenewal renewal, ClientGroups groups, ClientReceipts receipts, ConnectionRegistry registry) =>
        (_resumption, _renewal, _groups, _receipts, _registry) = (resumption, renewal, groups, receipts, registry);

    /// <summary>
    /// Lets go of the headers, cookies and query of the request that has become a WebSocket. A hub filter reads them in its
    /// <c>OnConnectedAsync</c>, before it calls the next.
    /// </summary>
    public override Task OnConnectedAsync()
    {
        OpeningRequest.Forget(Context);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Tells the client what it has missed at its own addresses: its user, its groups, <c>everyone</c>. The connection is attached before
    /// its logs are read, so messages that are not in the answer come live.
    /// </summary>
    /// <exception cref="HubException">Redis is away.</exception>
    public Task<ResumeAnswer> Resume(ResumeRequest? request) => TryAsync(
        connection => _resumption.ResumeAsync(connection, request ?? new ResumeRequest(), Context.ConnectionAborted));

    /// <summary>
    /// Lets the connection go on by a fresh token of its user, which is spent: its end, session, labels, roles, claims and groups are those
    /// of the new token from now on. Groups that only the one before has named are left; what a backend has added stays.
    /// </summary>
    /// <exception cref="HubException">
    /// The token does not renew the connection, which then stays as it was: <c>code: sentence</c>, with the codes of docs/protocol.md.
    /// </exception>
    public Task<RenewAnswer> Renew(string? token) => TryAsync(async connection =>
    {
        var renewed = await _renewal.RenewAsync(connection, Context.GetHttpContext()!, token);
        return renewed.IsSuccess ? renewed.Value : throw new HubException($"{renewed.Reason.Code}: {renewed.Reason.Detail}");
    });

    /// <summary>
    /// Puts this connection into a group, if its token allows that (<c>mayJoin</c>). When it returns, the group's messages come, and the
    /// client knows from its answer whether it has missed some. It holds for this connection: the next one joins anew.
    /// </summary>
    /// <exception cref="HubException">
    /// The name is none, the token does not allow it, the connection is in as many groups as it may be, or Redis is away.
    /// </exception>
    public Task<JoinAnswer> Join(string? group) => TryAsync(async connection =>
        new JoinAnswer((await _groups.JoinAsync(connection, Context.User!, group))?.ToString()));

    /// <summary>
    /// Takes this connection out of a group that it has joined by itself. What its token or a backend has put it into it stays in.
    /// </summary>
    /// <exception cref="HubException">The name is none, or Redis is away.</exception>
    public Task<LeaveAnswer> Leave(string? group) => TryAsync(async connection =>
        new LeaveAnswer(await _groups.LeaveAsync(connection, group)));

    /// <summary>
    /// Takes note of how far this client has handled its messages, at its user and its groups. It is written a moment later. What it says
    /// of an address includes what it has said before.
    /// </summary>
    /// <exception cref="HubException">The device is none, or a place in a log is none.</exception>
    public void Handled(HandledRequest? request)
    {
        if (_registry.TryFind(Context.ConnectionId, out var connection))
        {
            _receipts.Take(connection, request ?? new HandledRequest());
        }
    }

    private async Task<T> TryAsync<T>(Func<ClientConnection, Task<T>> act)
    {
        try
        {
            return _registry.TryFind(Context.ConnectionId, out var connection)
                ? await act(connection)
                : throw new HubException("connection_unknown: this connection is over.");
        }
        catch (StoreUnavailableException away)
        {
            throw new HubException($"store_unavailable: {away.Fault.Summary} Try again.");
        }
    }
}
