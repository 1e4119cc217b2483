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
    private const string AskForHeads = "heads=true";
    private const string AskForNotice = "connected=true";
    private const string NameParameter = "client=";

    private static readonly string Name = $"realtimehub-dotnet/{typeof(StockClient).Assembly.GetName().Version!.ToString(fieldCount: 3)}";

    /// <param name="mode">How to connect. On a WebSocket without negotiation the hub can tell the heads, and is asked to.</param>
    /// <param name="token">With what.</param>
    /// <param name="sockets">Over what.</param>
    /// <param name="read">Told of each message of the hub, before it is acted on.</param>
    public HubConnection Build(ConnectMode mode, string token, AttemptSockets sockets, Action<HubMessage> read)
    {
        var builder = new HubConnectionBuilder();
        builder.WithUrl(Introduced(asksForHeads: mode == ConnectMode.WebSockets), options => Configure(options, mode, token, sockets));
        builder.Services.AddSingleton<IHubProtocol>(new ForgivingProtocol(unreadable, read));
        return builder.Build();
    }

    /// <summary>
    /// The address with what the hub is to know from the beginning. An app may have named itself there (<c>?client=shop/3.1</c>).
    /// </summary>
    private Uri Introduced(bool asksForHeads)
    {
        var query = url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).ToList();
        if (!query.Exists(parameter => parameter.StartsWith(NameParameter, StringComparison.Ordinal)))
        {
            query.Add(NameParameter + Name);
        }

        query.Add(AskForNotice);
        if (asksForHeads)
        {
            query.Add(AskForHeads);
        }

        return new UriBuilder(url) { Query = string.Join('&', query) }.Uri;
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
