using System.Net.WebSockets;
using System.Text;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A WebSocket to a hub, in the words of the hub protocol.</summary>
internal sealed class RawSocket : IDisposable
{
    private readonly ClientWebSocket _socket = new();

    /// <summary>Connects without a handshake, so that the connection is not yet attached.</summary>
    public static Task<RawSocket> ConnectedAsync(Node node, string token, string query = "") => ConnectedAsync(node.Address, token, query);

    /// <summary>The same, at whatever address a hub is.</summary>
    public static async Task<RawSocket> ConnectedAsync(Uri hub, string token, string query = "")
    {
        var raw = new RawSocket();
        raw._socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        await raw._socket.ConnectAsync(new Uri($"ws://{hub.Authority}/hub{query}"), CancellationToken.None);
        return raw;
    }

    public static async Task<RawSocket> OpenAsync(Node node, string token, string query = "")
    {
        var raw = await ConnectedAsync(node, token, query);
        await raw.ShakeHandsAsync();
        return raw;
    }

    public static async Task<RawSocket> OpenAsync(Uri hub, string token, string query = "")
    {
        var raw = await ConnectedAsync(hub, token, query);
        await raw.ShakeHandsAsync();
        return raw;
    }

    public Task ShakeHandsAsync() => SayAsync("""{"protocol":"json","version":1}""");

    public Task SayAsync(string message) => _socket.SendAsync(
        Encoding.UTF8.GetBytes(message + '\u001e'), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>All that the hub says until it closes the socket.</summary>
    public async Task<IReadOnlyList<string>> ReadToEndAsync()
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await _socket.ReceiveAsync(buffer, timeout.Token) is { MessageType: not WebSocketMessageType.Close } read)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, read.Count));
        }

        return text.ToString().Split('\u001e');
    }

    /// <summary>What the hub says next, in one message of the WebSocket; null if it has closed the socket.</summary>
    public async Task<string?> ReadMessageAsync()
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var read = await _socket.ReceiveAsync(buffer, timeout.Token);
            text.Append(Encoding.UTF8.GetString(buffer, 0, read.Count));
            if (read.EndOfMessage)
            {
                return read.MessageType == WebSocketMessageType.Close ? null : text.ToString();
            }
        }
    }

    public void Dispose() => _socket.Dispose();
}
