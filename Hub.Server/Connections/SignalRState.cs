using System.Reflection;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR.Protocol;
using RealtimeHub.Authentication.Binding;
using RealtimeHub.Transport;

namespace RealtimeHub.Connections;

/// <summary>What SignalR knows of a connection, and does not say or let be changed.</summary>
/// <remarks>
/// There is no public way. Where a later framework has no such members either, the client counts as gone, a renewed connection keeps its
/// user and its end, and tests fail.
/// </remarks>
internal static class SignalRState
{
    private const BindingFlags Internal = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly Type? Transport =
        typeof(HttpConnectionDispatcherOptions).Assembly.GetType("Microsoft.AspNetCore.Http.Connections.Internal.HttpConnectionContext");

    private static readonly PropertyInfo? SendingToken = Transport?.GetProperty("SendingToken", Internal);

    private static readonly PropertyInfo? Expiration = Transport?.GetProperty("AuthenticationExpiration", Internal);

    private static readonly FieldInfo? KnownUser = typeof(HubConnectionContext).GetField("_user", Internal);

    private static readonly PropertyInfo? AllowReconnect = typeof(HubConnectionContext).GetProperty("AllowReconnect", Internal);

    private static readonly PropertyInfo? CloseException = typeof(HubConnectionContext).GetProperty("CloseException", Internal);

    /// <summary>Whether the client was cut because it did not take a write within SignalR's ten seconds.</summary>
    public static bool HasSendTimedOut(HubConnectionContext connection) =>
        connection.Features.Get<IHttpTransportFeature>() is { } transport
        && Transport?.IsInstanceOfType(transport) == true
        && SendingToken?.GetValue(transport) is CancellationToken { IsCancellationRequested: true };

    /// <summary>Has the hub see another principal from its next call on, and the transport another end.</summary>
    public static void Renew(HubConnectionContext connection, AuthenticationTicket ticket)
    {
        var expires = ticket.Properties.ExpiresUtc ?? DateTimeOffset.MaxValue;
        if (connection.Features.Get<IHttpTransportFeature>() is SocketConnection socket)
        {
            socket.Expires = expires;
        }
        else if (connection.Features.Get<IHttpTransportFeature>() is { } transport && Transport?.IsInstanceOfType(transport) == true)
        {
            Expiration?.SetValue(transport, expires);
        }

        connection.Features.GetRequiredFeature<IConnectionUserFeature>().User = ticket.Principal;
        KnownUser?.SetValue(connection, ticket.Principal);
        if (connection.GetHttpContext() is { } http)
        {
            http.User = ticket.Principal;
        }

        // The requests that are still to come of a connection that was negotiated.
        if (connection.Items.TryGetValue(typeof(Negotiation), out var negotiation))
        {
            ((Negotiation)negotiation!).Ticket = ticket;
        }
    }

    /// <summary>The message with which SignalR closes the connection.</summary>
    public static CloseMessage CloseOf(HubConnectionContext connection) => new(
        error: (CloseException?.GetValue(connection) as Exception)?.Message,
        allowReconnect: AllowReconnect?.GetValue(connection) is not false);
}
