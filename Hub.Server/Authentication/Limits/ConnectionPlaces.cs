using System.Net;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations;

namespace RealtimeHub.Authentication.Limits;

/// <summary>The connections that this node may have, and those of them that were negotiated and have not opened.</summary>
internal sealed class ConnectionPlaces(IOptions<LimitOptions> options) : IDisposable
{
    private readonly Quota _connections = new(
        options.Value.Connections, options.Value.ConnectionsPerIpAddress, Refusals.NodeFull, Refusals.TooManyConnections);

    private readonly Quota _unopened = new(
        options.Value.Unopened, options.Value.UnopenedPerIpAddress, Refusals.NegotiationsFull, Refusals.TooManyNegotiations);

    /// <summary>Takes a place for a connection that is about to spend its token, or says why there is none.</summary>
    public Result<ConnectionPlace, Refusal> Take(HubRequestKind kind, IPNetwork? client)
    {
        var connection = _connections.Take(client);
        if (!connection.IsSuccess)
        {
            return connection.Reason;
        }

        var unopened = kind == HubRequestKind.Negotiate ? _unopened.Take(client) : QuotaLease.OfNoLimit;
        if (!unopened.IsSuccess)
        {
            connection.Value.Dispose();
            return unopened.Reason;
        }

        return connection.Value == QuotaLease.OfNoLimit && unopened.Value == QuotaLease.OfNoLimit
            ? ConnectionPlace.Unlimited
            : new ConnectionPlace(connection.Value, unopened.Value);
    }

    public void Dispose()
    {
        _connections.Dispose();
        _unopened.Dispose();
    }
}
