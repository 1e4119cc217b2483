using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace RealtimeHub.Client.Connecting;

/// <summary>The stock SignalR client, set up for one attempt.</summary>
/// <remarks>
/// It is given no logger: from Debug upwards it writes URLs, and in those of a negotiated connection stands the secret of that connection.
/// What it would say reaches the owner as typed exceptions.
/// </remarks>
internal static class StockClient
{
    public static HubConnection Build(Uri url, ConnectMode mode, string token)
    {
        var builder = new HubConnectionBuilder();
        builder.WithUrl(url, options => Configure(options, mode, token));
        builder.AddJsonProtocol(options => options.PayloadSerializerOptions = ClientJson.Default.Options);
        return builder.Build();
    }

    private static void Configure(HttpConnectionOptions options, ConnectMode mode, string token)
    {
        options.AccessTokenProvider = () => Task.FromResult<string?>(token);
        options.WebSocketFactory = HubSocket.OpenAsync;
        options.HttpMessageHandlerFactory = inner => new RefusalReader(inner);
        if (mode == ConnectMode.Direct)
        {
            options.Transports = HttpTransportType.WebSockets;
            options.SkipNegotiation = true;
        }
    }
}
