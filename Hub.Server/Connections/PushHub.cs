using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Delivery;
using RealtimeHub.Redis;
using RealtimeHub.Resuming;

namespace RealtimeHub.Connections;

/// <summary>The hub at <c>/hub</c>. Clients listen and resume; backends publish with <c>IPublisher</c>.</summary>
public sealed class PushHub : Hub<IPushClient>
{
    private readonly Resumption _resumption;
    private readonly ConnectionRegistry _registry;

    internal PushHub(Resumption resumption, ConnectionRegistry registry) => (_resumption, _registry) = (resumption, registry);

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
    public async Task<ResumeAnswer> Resume(ResumeRequest? request)
    {
        try
        {
            return _registry.TryFind(Context.ConnectionId, out var connection)
                ? await _resumption.ResumeAsync(connection, request ?? new ResumeRequest(), Context.ConnectionAborted)
                : throw new HubException("connection_unknown: this connection is over.");
        }
        catch (StoreUnavailableException away)
        {
            throw new HubException($"store_unavailable: {away.Fault.Summary} Try again.");
        }
    }
}
