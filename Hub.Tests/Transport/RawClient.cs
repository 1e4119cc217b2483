using System.Net.WebSockets;
using System.Text;

namespace RealtimeHub.Tests.Transport;

/// <summary>Speaks the hub protocol frame by frame, as no client would.</summary>
internal sealed class RawClient(ClientWebSocket socket) : IDisposable
{
    public const string Hello = """{"protocol":"json","version":1}""" + Separator;

    private const string Separator = "\u001e";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly StringBuilder _read = new();

    /// <summary>With which status the server has closed; null while it has not, or if it has without one.</summary>
    public WebSocketCloseStatus? ClosedWith => socket.CloseStatus;

    public string? Subprotocol => socket.SubProtocol;

    public static async Task<RawClient> ConnectAsync(Uri address, string token, Action<ClientWebSocketOptions>? configure = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        configure?.Invoke(socket.Options);
        await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws" }.Uri, CancellationToken.None).WaitAsync(Deadline);
        return new RawClient(socket);
    }

    /// <summary>Says hello, and reads the answer.</summary>
    public async Task<RawClient> GreetAsync()
    {
        await SendAsync(Hello);
        (await NextAsync()).Should().Be("{}");
        return this;
    }

    public Task SendAsync(string text, bool isEnd = true, WebSocketMessageType type = WebSocketMessageType.Text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), type, isEnd, CancellationToken.None).WaitAsync(Deadline);

    public Task InvokeAsync(string method, string arguments = "", string id = "1") => SendAsync(Invocation(method, arguments, id));

    public static string Invocation(string method, string arguments = "", string id = "1") =>
        $$"""{"type":1,"invocationId":"{{id}}","target":"{{method}}","arguments":[{{arguments}}]}""" + Separator;

    /// <summary>The next message but pings; null when the server has closed the connection.</summary>
    public async Task<string?> NextAsync()
    {
        while (true)
        {
            if (await NextOfAllAsync() is var message and not """{"type":6}""")
            {
                return message;
            }
        }
    }

    /// <summary>The next message; null when the server has closed the connection.</summary>
    public async Task<string?> NextOfAllAsync()
    {
        var buffer = new byte[4096];
        while (true)
        {
            var text = _read.ToString();
            if (text.IndexOf(Separator, StringComparison.Ordinal) is var end and >= 0)
            {
                _read.Remove(0, end + 1);
                return text[..end];
            }

            var received = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Deadline);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            _read.Append(Encoding.UTF8.GetString(buffer, 0, received.Count));
        }
    }

    /// <summary>Closes the connection from this side, and waits for the server's answer.</summary>
    public Task CloseAsync() => socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None).WaitAsync(Deadline);

    public void Reset() => socket.Abort();

    public void Dispose() => socket.Dispose();
}
