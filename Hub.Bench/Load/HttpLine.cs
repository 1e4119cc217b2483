using System.Net.Sockets;
using System.Text;

namespace RealtimeHub.Bench.Load;

/// <summary>
/// One keep-alive connection of a backend: a request at a time, on a bare socket, so that a caller costs next to nothing.
/// </summary>
internal sealed class HttpLine(Socket socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _filled;

    /// <summary>The last answer.</summary>
    public string Answer => Encoding.ASCII.GetString(_buffer, 0, _filled);

    public static async Task<HttpLine> OpenAsync(int port) => new(await Loopback.ConnectAsync(port));

    /// <summary>Sends a whole request, and waits for its whole answer.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="IOException">The server closed the connection.</exception>
    public async Task<int> SendAsync(ReadOnlyMemory<byte> request)
    {
        await socket.SendAsync(request);
        _filled = 0;
        while (!HttpAnswer.IsWhole(_buffer.AsSpan(0, _filled)))
        {
            var read = await socket.ReceiveAsync(_buffer.AsMemory(_filled));
            _filled += read > 0 ? read : throw new IOException("The server closed the connection in the middle of an answer.");
        }

        return HttpAnswer.Status(_buffer);
    }

    public void Dispose() => socket.Dispose();
}
