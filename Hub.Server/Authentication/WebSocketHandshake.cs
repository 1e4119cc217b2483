using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace RealtimeHub.Authentication;

/// <summary>Whether a request would become a WebSocket, by the word of the middleware that will make it one.</summary>
/// <remarks>
/// SignalR has that middleware inside of its endpoint, so <c>HttpContext.WebSockets</c> says no before. Asked here as well, it cannot see a
/// handshake otherwise than there: a token is not spent for one that SignalR does not take for a handshake.
/// </remarks>
internal static class WebSocketHandshake
{
    private static readonly WebSocketMiddleware Middleware =
        new(_ => Task.CompletedTask, Options.Create(new WebSocketOptions()), NullLoggerFactory.Instance);

    public static bool IsIn(HttpContext context)
    {
        if (context.Features.Get<IHttpWebSocketFeature>() is { } own)
        {
            return own.IsWebSocketRequest;
        }

        Middleware.Invoke(context);
        var handshake = context.Features.Get<IHttpWebSocketFeature>();
        context.Features.Set<IHttpWebSocketFeature>(null);
        return handshake is { IsWebSocketRequest: true };
    }
}
