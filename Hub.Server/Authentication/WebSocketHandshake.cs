using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace RealtimeHub.Authentication;

/// <summary>Tells whether a request is a WebSocket handshake, by asking the same middleware that SignalR will use.</summary>
/// <remarks>
/// SignalR runs that middleware inside its endpoint, so before it <c>HttpContext.WebSockets</c> always says no. Since both use the same
/// middleware, they agree: a token is never spent for a request that SignalR does not take for a handshake.
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
