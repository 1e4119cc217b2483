using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations;

namespace RealtimeHub.Authentication.Limits;

/// <summary>The connections that this node may have, and those of them that were negotiated and have not opened.</summary>
internal sealed class ConnectionPlaces(IOptions<LimitOptions> options, IOptions<KestrelServerOptions> kestrel) : IDisposable
{
    private readonly Quota _connections = new(
        MostOf(options.Value.Connections, kestrel.Value.Limits.MaxConcurrentUpgradedConnections), options.Value.ConnectionsPerIpAddress,
        Refusals.NodeFull, Refusals.TooManyConnections);

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

    /// <summary>
    /// As many as are set, or else as there are files for; but no more than Kestrel upgrades, which refuses one only when its token is
    /// spent.
    /// </summary>
    private static int MostOf(int connections, long? upgraded)
    {
        var most = connections > 0 ? connections : 3 * OpenFiles.Quarter() ?? LimitOptions.Most;
        return (int)Math.Min(LimitOptions.Most, upgraded > 0 ? Math.Min(most, upgraded.Value) : most);
    }
}
