using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>The sockets to Redis, by where they go and what for: to be broken off when nobody else would.</summary>
internal sealed class RedisSockets
{
    private readonly ConcurrentDictionary<(EndPoint, ConnectionType), Socket> _latest = new();

    /// <summary>Takes note of a socket before it connects, in place of the one before it.</summary>
    public void Add(EndPoint endPoint, ConnectionType kind, Socket socket) => _latest[(endPoint, kind)] = socket;

    /// <summary>Breaks those to one server off. The multiplexer connects anew at once, and asks anew where the name leads.</summary>
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
