using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Connections.Client;

namespace RealtimeHub.Client.Connecting;

/// <summary>
/// Opens WebSockets with the token in a header, and reads the hub's reason when one is refused, which <see cref="ClientWebSocket"/> hides.
/// </summary>
internal static class HubSocket
{
    public static async ValueTask<WebSocket> OpenAsync(
        WebSocketConnectionContext context, HttpMessageHandler http, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.SetRequestHeader("Authorization", $"Bearer {await context.Options.AccessTokenProvider!()}");
            await socket.ConnectAsync(context.Uri, new HttpMessageInvoker(http, disposeHandler: false), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
