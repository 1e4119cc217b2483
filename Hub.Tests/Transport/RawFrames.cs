using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RealtimeHub.Tests.Transport;

/// <summary>A WebSocket written byte by byte (RFC 6455), for what no client library would send.</summary>
internal sealed class RawFrames(Socket socket) : IDisposable
{
    private const byte Text = 0x81, Ping = 0x89, Close = 0x8;

    private const string HubPing = """{"type":6}""" + "\u001e";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly NetworkStream _stream = new(socket);

    /// <summary>The status in the Close frame that has come.</summary>
    public int? ClosedWith { get; private set; }

    public static async Task<RawFrames> ConnectAsync(Uri address, string token)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        var frames = new RawFrames(socket);
        await frames.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {address.AbsolutePath}?access_token={token} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        var answer = new byte[1];
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await frames._stream.ReadExactlyAsync(answer).AsTask().WaitAsync(Deadline);
            head.Append((char)answer[0]);
        }

        head.ToString().Should().StartWith("HTTP/1.1 101 ");
        return frames;
    }

    /// <summary>Sends any bytes.</summary>
    public Task SendAsync(byte[] bytes) => _stream.WriteAsync(bytes).AsTask().WaitAsync(Deadline);

    public Task SendTextAsync(string text) => SendAsync(Frame(Text, Encoding.UTF8.GetBytes(text)));

    public Task SendPingsAsync(int count) => SendAsync([.. Enumerable.Repeat(Frame(Ping, "ping"u8.ToArray()), count).SelectMany(frame => frame)]);

    /// <summary>The beginning of a frame that says that it is this long, and some bytes of it.</summary>
    public Task SendBeginningAsync(long length, byte[] begin)
    {
        byte[] header = [Text, 0x80 | 127, .. new byte[8], .. Mask];
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(2), length);
        return SendAsync([.. header, .. begin]);
    }

    /// <summary>Ends the connection at once, with an RST.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    /// <summary>Says that nothing more will be sent, and still listens.</summary>
    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>
    /// The payload of the next frame of that kind, passing over others and the hub's pings; null at the end, or at a Close frame.
    /// </summary>
    public Task<string?> NextAsync(byte opcode = Text & 0xF) => ReadAsync(opcode).WaitAsync(Deadline);

    private async Task<string?> ReadAsync(byte opcode)
    {
        while (true)
        {
            var header = new byte[2];
            if (await _stream.ReadAtLeastAsync(header, 2, throwOnEndOfStream: false) < 2)
            {
                return null;
            }

            var length = (int)header[1];
            if (length == 126)
            {
                var extended = new byte[2];
                await _stream.ReadExactlyAsync(extended);
                length = BinaryPrimitives.ReadUInt16BigEndian(extended);
            }

            var payload = new byte[length];
            await _stream.ReadExactlyAsync(payload);
            if ((header[0] & 0xF) == Close)
            {
                ClosedWith = payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : null;
                return null;
            }

            if ((header[0] & 0xF) == opcode && Encoding.UTF8.GetString(payload) is var text && text != HubPing)
            {
                return text;
            }
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        socket.Dispose();
    }

    // Masked with zeros, which leaves the payload as it is.
    private static byte[] Mask => new byte[4];

    private static byte[] Frame(byte first, byte[] payload) => [first, (byte)(0x80 | payload.Length), .. Mask, .. payload];
}
