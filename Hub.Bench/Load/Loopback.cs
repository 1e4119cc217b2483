using System.Net;
using System.Net.Sockets;

namespace RealtimeHub.Bench.Load;

/// <summary>Sockets and ports of this machine.</summary>
internal static class Loopback
{
    /// <summary>Connections from one address to one port: the kernel has some 28,000 ports for them.</summary>
    private const int PerSource = 10_000;

    private const int IpLevel = 0;
    private const int BindAddressNoPort = 24;

    /// <summary>Opens a connection, the many of one target from as many addresses as it takes, 127.0.1.1 and on.</summary>
    /// <param name="port">Where to.</param>
    /// <param name="index">Which of many it is.</param>
    /// <param name="receiveBuffer">The kernel's receive buffer, in bytes; 0 leaves it as it is.</param>
    public static async Task<Socket> ConnectAsync(int port, int index = 0, int receiveBuffer = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // Otherwise bind takes a port for itself, whoever the peer is, and they are soon all taken. The runtime's own names do not have
            // this option.
            socket.SetRawSocketOption(IpLevel, BindAddressNoPort, BitConverter.GetBytes(1));
            socket.Bind(new IPEndPoint(new IPAddress([127, 0, 1, (byte)(1 + (index / PerSource))]), 0));
            if (receiveBuffer > 0)
            {
                socket.ReceiveBufferSize = receiveBuffer;
            }

            await socket.ConnectAsync(IPAddress.Loopback, port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A port that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
