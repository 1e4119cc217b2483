using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Connections.Client;

namespace RealtimeHub.Client.Connecting;

/// <summary>Opens WebSockets with the token in a header, and learns why one is refused, which a <see cref="ClientWebSocket"/> does not tell.</summary>
internal static class HubSocket
{
    /// <summary>As the sockets of the platform have it: one connection each, no cookies.</summary>
    private static readonly HttpMessageInvoker Http =
        new(new RefusalReader(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseCookies = false }));

    public static async ValueTask<WebSocket> OpenAsync(WebSocketConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.SetRequestHeader("Authorization", $"Bearer {await context.Options.AccessTokenProvider!()}");
            await socket.ConnectAsync(context.Uri, Http, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
