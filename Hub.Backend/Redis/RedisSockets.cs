using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>The open sockets to Redis by endpoint and purpose, so that dead ones can be closed.</summary>
internal sealed class RedisSockets
{
    private readonly ConcurrentDictionary<(EndPoint, ConnectionType), Socket> _latest = new();

    /// <summary>Remembers a socket before it connects, in place of the previous one.</summary>
    public void Add(EndPoint endPoint, ConnectionType kind, Socket socket) => _latest[(endPoint, kind)] = socket;

    /// <summary>Closes the sockets to one server. The multiplexer reconnects at once, and resolves the host name again.</summary>
    public void BreakOff(EndPoint endPoint)
    {
        foreach (var (_, socket) in _latest.Where(open => open.Key.Item1.Equals(endPoint)))
        {
            try
            {
                socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException)
            {
                // Not yet connected, or not any more.
            }
        }
    }
}
