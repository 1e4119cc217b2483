using System.Net;
using System.Net.Sockets;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>Ports for servers that cannot choose their own and say which.</summary>
/// <remarks>
/// Below the range from which the system takes the ports of outgoing connections: one of that range can be free when it is asked
/// about and taken by anybody's connection a moment later.
/// </remarks>
internal static class LoopbackPort
{
    private const int First = 10_000;
    private const int Count = 20_000;

    private static int Latest = Environment.ProcessId % Count;

    public static int Next()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref Latest) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
