using System.Net.WebSockets;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using RealtimeHub.Authentication;

namespace RealtimeHub.Transport;

/// <summary>
/// Opens a hub's connection on a WebSocket that nobody has negotiated, with the settings with which the hub was mapped, and without
/// SignalR's own transport.
/// </summary>
internal sealed partial class WebSocketEndpoint(
    SocketConnections connections, ConnectionDelegate hub, HttpConnectionDispatcherOptions options, long largestMessage,
    ILogger<WebSocketEndpoint> logger)
{
    /// <summary>What opens a hub's connection in the place of SignalR, unless a setting says otherwise.</summary>
    /// <param name="endpoint">The hub's endpoint.</param>
    /// <param name="mapping">How the hub was mapped.</param>
    /// <param name="signalR">What SignalR does.</param>
    public static RequestDelegate Around(EndpointBuilder endpoint, SingleUseTokenMetadata mapping, RequestDelegate signalR)
    {
        var services = endpoint.ApplicationServices;
        if (!services.GetRequiredService<IOptions<TransportOptions>>().Value.Enabled)
        {
            return BySignalR(signalR);
        }

        var hub = endpoint.Metadata.OfType<HubMetadata>().Single().HubType;

        // The endpoint that knows the options may be built after this one.
        var own = new Lazy<RequestDelegate>(() => mapping.Options is { } options && options.Transports.HasFlag(HttpTransportType.WebSockets)
            ? For(services, hub, options)
            : BySignalR(signalR));
        return context => own.Value(context);
    }

    /// <remarks>SignalR gives the connection an id of its own, so it is attached as any other.</remarks>
    private static RequestDelegate BySignalR(RequestDelegate signalR) => async context =>
    {
        await (Admission.Of(context)?.Reconnection?.DisposeAsync() ?? ValueTask.CompletedTask);
        await signalR(context);
    };

    private static RequestDelegate For(IServiceProvider services, Type hub, HttpConnectionDispatcherOptions options)
    {
        var handler = (ConnectionHandler)services.GetRequiredService(typeof(HubConnectionHandler<>).MakeGenericType(hub));
        var endpoint = new WebSocketEndpoint(
            services.GetRequiredService<SocketConnections>(), handler.OnConnectedAsync, options, LargestMessage(services, hub),
            services.GetRequiredService<ILogger<WebSocketEndpoint>>());
        return new ApplicationBuilder(services).UseWebSockets().Use(_ => endpoint.RunAsync).Build();
    }

    /// <summary>How many bytes a message may have: as the hub's options say, or else those of all hubs.</summary>
    private static long LargestMessage(IServiceProvider services, Type hub)
    {
        var ofHub = typeof(IOptions<>).MakeGenericType(typeof(HubOptions<>).MakeGenericType(hub));
        var own = (IOptions<HubOptions>)services.GetRequiredService(ofHub);
        return own.Value.MaximumReceiveMessageSize
            ?? services.GetRequiredService<IOptions<HubOptions>>().Value.MaximumReceiveMessageSize ?? long.MaxValue;
    }

    /// <summary>Runs a connection from its first byte to the end of its socket.</summary>
    private async Task RunAsync(HttpContext context)
    {
        Prepare(context);
        using var socket = await AcceptAsync(context);
        var connection = new SocketConnection(context, socket, HoldsAnswer(context), Admission.Of(context)?.Reconnection?.ConnectionId)
        {
            Expires = ExpiryOf(context),
            SendTimeout = options.TransportSendTimeout,
        };
        using var scope = Log.Scope(logger, connection.ConnectionId);
        connections.Add(connection);
        var status = WebSocketCloseStatus.InternalServerError;
        try
        {
            await hub(connection);
            status = StatusAfter(connection);
        }
        catch (Exception failure)
        {
            Log.HubFailed(logger, connection.ConnectionId, failure);
        }

        try
        {
            await connection.CloseAsync(status, options.WebSockets.CloseTimeout);
        }
        finally
        {
            connections.Remove(connection);
        }
    }

    /// <remarks>
    /// The hub layer does not say why it has ended. But it takes a message from what has come as soon as it is whole, so if it has ended
    /// and left more than the largest, it has met one that is larger.
    /// </remarks>
    private WebSocketCloseStatus StatusAfter(SocketConnection connection) =>
        connection.UnreadBytes > largestMessage ? WebSocketCloseStatus.MessageTooBig : WebSocketCloseStatus.NormalClosure;

    private Task<WebSocket> AcceptAsync(HttpContext context) => context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
    {
        SubProtocol = options.WebSockets.SubProtocolSelector?.Invoke(context.WebSockets.WebSocketRequestedProtocols),

        // The hub's own pings do that, and need no timer for each connection.
        KeepAliveInterval = Timeout.InfiniteTimeSpan,
    });

    /// <summary>Tells those who watch requests that this one is long.</summary>
    private static void Prepare(HttpContext context)
    {
        context.Features.Get<IHttpActivityFeature>()?.Activity.AddTag("http.long_running", "true");
        context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
    }

    private static bool HoldsAnswer(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<HeldAnswerMetadata>()?.IsAskedFor(context.Request) == true;

    private DateTimeOffset ExpiryOf(HttpContext context) => options.CloseOnAuthenticationExpiration
        ? context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc ?? DateTimeOffset.MaxValue
        : DateTimeOffset.MaxValue;

    private static partial class Log
    {
        /// <summary>What is logged for a connection bears its id, under the name that SignalR gives it.</summary>
        public static readonly Func<ILogger, string, IDisposable?> Scope =
            LoggerMessage.DefineScope<string>("TransportConnectionId:{TransportConnectionId}");

        [LoggerMessage(1, LogLevel.Error, "The hub has failed for connection {ConnectionId}, which ends.", EventName = "HubFailed")]
        public static partial void HubFailed(ILogger logger, string connectionId, Exception failure);
    }
}
