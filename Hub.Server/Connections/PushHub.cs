using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Redis;

namespace RealtimeHub.Connections;

/// <summary>The hub at <c>/hub</c>. Clients listen and resume; backends publish with <c>IPublisher</c>.</summary>
public sealed class PushHub : Hub<IPushClient>
{
    private readonly Resumption _resumption;
    private readonly Roster _roster;

    internal PushHub(Resumption resumption, Roster roster) => (_resumption, _roster) = (resumption, roster);

    /// <summary>
    /// Tells the client what it has missed at its own addresses: its user, its groups, <c>everyone</c>. The connection was attached before its
    /// logs are read, so what is not in the answer comes live.
    /// </summary>
    /// <exception cref="HubException">Redis is away.</exception>
    public async Task<ResumeAnswer> Resume(ResumeRequest? request)
    {
        try
        {
            return _roster.TryFind(Context.ConnectionId, out var connection)
                ? await _resumption.ResumeAsync(connection, request ?? new ResumeRequest(), Context.ConnectionAborted)
                : throw new HubException("connection_unknown: this connection is over.");
        }
        catch (StoreUnavailableException away)
        {
            throw new HubException($"store_unavailable: {away.Trouble.Summary} Try again.");
        }
    }
}
