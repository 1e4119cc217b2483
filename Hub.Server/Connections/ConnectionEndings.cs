using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using RealtimeHub.Delivery;
using RealtimeHub.Transport;

namespace RealtimeHub.Connections;

/// <summary>Sees to it that a connection that ends on our side ends with its reason, also where SignalR ends it.</summary>
internal sealed partial class ConnectionEndings(
    CloseLog log, IOptions<HubOptions<PushHub>> options, IOptions<ClientLimitOptions> limits, TimeProvider time,
    ILogger<ConnectionEndings> logger)
{
    private readonly Action<object> _endIfTooSlow = client => ((ClientConnection)client).Outbox.EndIfOlder(limits.Value.WaitingTime);

    /// <summary>Takes a connection under watch, before anything is read from it.</summary>
    public ClientConnection Watch(HubConnectionContext connection)
    {
        var client = new ClientConnection(connection, log, time.GetUtcNow());
        connection.Protocol = new ReasonedProtocol(connection, client, options.Value, limits.Value.CallsPerSecond);

        // Every transport beats once a second, by one timer for all its connections.
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(_endIfTooSlow, client);

        // SignalR requests it at the time in the ticket, and asks us before it closes the connection: the last who registers is the first
        // to be called.
        connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested.Register(
            () => client.End(CloseReason.TokenExpired));
        return client;
    }

    /// <summary>Takes note that a connection is over, and of a reason that only shows then.</summary>
    /// <remarks>
    /// With stateful reconnect SignalR writes by the protocol that the connection began with, so nobody saw its Close message.
    /// </remarks>
    public static void Conclude(HubConnectionContext connection, ClientConnection client)
    {
        if (HasSendTimedOut(connection))
        {
            client.End(CloseReason.SendTimeout);
        }
        else if (connection.Protocol is ReasonedProtocol protocol)
        {
            protocol.Observe(SignalRState.CloseOf(connection));
        }
    }

    private static bool HasSendTimedOut(HubConnectionContext connection) =>
        connection.Features.Get<IHttpTransportFeature>() is SocketConnection { HasSendTimedOut: true }
        || SignalRState.HasSendTimedOut(connection);

    /// <summary>Ends a connection that could not be attached, and logs what no client is to know.</summary>
    public void Fail(ClientConnection client, Exception failure)
    {
        Log.AttachFailed(logger, client.User?.ToString() ?? "nobody", failure);
        client.Shut(CloseReason.AttachFailed);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Error,
            "A connection of {User} could not be attached. What Redis holds of the user, or of a group of the token, may not be the hub's.",
            EventName = "AttachFailed")]
        public static partial void AttachFailed(ILogger logger, string user, Exception failure);
    }
}
