using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>Sockets in which little has room on the way, so that a client that does not read is soon noticed.</summary>
internal static class SmallBuffers
{
    private const int Bytes = 16 * 1024;

    public static void Listen(SocketTransportOptions options) => options.CreateBoundListenSocket = at =>
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(at);
        socket.SendBufferSize = Bytes;
        return socket;
    };

    /// <summary>Opens a connection at <c>/hub</c>, and reads the answer to its handshake.</summary>
    public static async Task<ClientWebSocket> OpenAsync(Node node, string token, string query = "")
    {
        var client = new ClientWebSocket();
        client.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        using var smallBuffer = new HttpMessageInvoker(new SocketsHttpHandler { ConnectCallback = ConnectAsync });
        await client.ConnectAsync(new Uri($"ws://{node.Address.Authority}/hub{query}"), smallBuffer, CancellationToken.None);
        await client.SendAsync("{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        await client.ReceiveAsync(new byte[1024], CancellationToken.None);
        return client;
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext to, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = Bytes };
        await socket.ConnectAsync(to.DnsEndPoint, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
