using System.Reflection;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace RealtimeHub.Connections;

/// <summary>What SignalR knows of a connection that is over, and does not say.</summary>
/// <remarks>
/// There is no public way. Where a later framework has no such properties either, the client counts as gone, and tests fail.
/// </remarks>
internal static class SignalRState
{
    private const BindingFlags Internal = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly PropertyInfo? SendingToken = typeof(HttpConnectionDispatcherOptions).Assembly
        .GetType("Microsoft.AspNetCore.Http.Connections.Internal.HttpConnectionContext")?.GetProperty("SendingToken", Internal);

    private static readonly PropertyInfo? AllowReconnect = typeof(HubConnectionContext).GetProperty("AllowReconnect", Internal);

    private static readonly PropertyInfo? CloseException = typeof(HubConnectionContext).GetProperty("CloseException", Internal);

    /// <summary>Whether the client was cut because it did not take a write within SignalR's ten seconds.</summary>
    public static bool HasSendTimedOut(HubConnectionContext connection) =>
        connection.Features.Get<IHttpTransportFeature>() is { } transport
        && SendingToken?.DeclaringType?.IsInstanceOfType(transport) == true
        && SendingToken.GetValue(transport) is CancellationToken { IsCancellationRequested: true };

    /// <summary>The message with which SignalR closes the connection.</summary>
    public static CloseMessage CloseOf(HubConnectionContext connection) => new(
        error: (CloseException?.GetValue(connection) as Exception)?.Message,
        allowReconnect: AllowReconnect?.GetValue(connection) is not false);
}
