using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace RealtimeHub.Client.Connecting;

/// <summary>The stock SignalR client, set up for one attempt at a time.</summary>
/// <remarks>
/// It has no logger, because at level Debug it logs URLs, and those of a negotiated connection hold its secret. What it would log reaches
/// the owner as typed exceptions.
/// </remarks>
/// <param name="url">The hub.</param>
/// <param name="unreadable">Told of what the hub sends that cannot be read.</param>
internal sealed class StockClient(Uri url, Action<UnreadableException> unreadable)
{
    public HubConnection Build(ConnectMode mode, string token, AttemptSockets sockets)
    {
        var builder = new HubConnectionBuilder();
        builder.WithUrl(url, options => Configure(options, mode, token, sockets));
        builder.Services.AddSingleton<IHubProtocol>(new ForgivingProtocol(unreadable));
        return builder.Build();
    }

    private static void Configure(HttpConnectionOptions options, ConnectMode mode, string token, AttemptSockets sockets)
    {
        options.Transports = TransportOf(mode);
        options.SkipNegotiation = mode == ConnectMode.WebSockets;
        options.AccessTokenProvider = () => Task.FromResult<string?>(token);
        options.WebSocketFactory = (context, cancellationToken) => HubSocket.OpenAsync(context, sockets.Http, cancellationToken);
        options.HttpMessageHandlerFactory = unused =>
        {
            unused.Dispose();
            return sockets.Http;
        };
    }

    private static HttpTransportType TransportOf(ConnectMode mode) => mode switch
    {
        ConnectMode.WebSockets => HttpTransportType.WebSockets,
        ConnectMode.ServerSentEvents => HttpTransportType.ServerSentEvents,
        _ => HttpTransportType.LongPolling,
    };
}
