namespace RealtimeHub.Bench.Load;

/// <summary>Engine.IO 4 and Socket.IO 5 (github.com/socketio/socket.io-protocol): ready when the namespace is joined.</summary>
internal sealed class SocketIoDialect : IDialect
{
    private static readonly byte[] Join = "40"u8.ToArray();
    private static readonly byte[] Pong = "3"u8.ToArray();

    /// <remarks>The server pings, and the client answers.</remarks>
    public byte[]? KeepAlive => null;

    public string Path(string token) => $"/socket.io/?EIO=4&transport=websocket&access_token={token}";

    public void Open(LoadClient client)
    {
        // The server speaks first.
    }

    public void Take(LoadClient client, ReadOnlySpan<byte> text)
    {
        switch (text)
        {
            case [(byte)'0', ..]: client.Send(Join); break;
            case [(byte)'2', ..]: client.Send(Pong); break;
            case [(byte)'4', (byte)'0', ..]: client.Ready(); break;
            case [(byte)'4', (byte)'2', ..]: client.Got(text); break;
            case [(byte)'4', (byte)'4', ..]: client.Fail("The namespace was refused."); break;
        }
    }
}
