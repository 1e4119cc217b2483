using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using RealtimeHub.Delivery;

namespace RealtimeHub.Connections;

/// <summary>Sees to it that a connection that ends on our side ends with its reason, also where SignalR ends it.</summary>
internal sealed class ConnectionEndings(CloseLog log, IOptions<HubOptions<PushHub>> options)
{
    /// <summary>Takes a connection under watch, before anything is read from it.</summary>
    public ClientConnection Watch(HubConnectionContext connection)
    {
        var client = new ClientConnection(connection, log);
        connection.Protocol = new ReasonedProtocol(connection, client, options.Value);

        // SignalR requests it at the time in the ticket, and asks us before it closes the connection: the last who registers is the first
        // to be called.
        connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested.Register(
            () => client.End(CloseReason.TokenExpired));
        return client;
    }

    /// <summary>Ends a connection, with the closing message that SignalR writes.</summary>
    public static void End(HubConnectionContext connection, ClientConnection client, CloseReason reason)
    {
        client.End(reason);
        if (reason.MayComeBack && connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime)
        {
            lifetime.RequestClose();
        }
        else
        {
            connection.Abort();
        }
    }
}
