using System.Text;

namespace RealtimeHub.Bench.Load;

/// <summary>How a WebSocket is opened (RFC 6455, section 4). The key is always the same: nobody here caches the answer.</summary>
internal static class WebSocketUpgrade
{
    /// <param name="port">The server's.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="headers">More headers, each line with its end.</param>
    public static byte[] Request(int port, string path, string headers = "") => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n");

    /// <summary>Takes the answer, if it is there as a whole.</summary>
    /// <exception cref="InvalidDataException">It is a refusal; the message is the answer itself.</exception>
    public static bool TryTake(FrameBuffer received)
    {
        var end = received.Rest.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        if (!received.Rest.StartsWith("HTTP/1.1 101"u8))
        {
            throw new InvalidDataException(Encoding.ASCII.GetString(received.Rest));
        }

        received.Take(end + 4);
        return true;
    }
}
