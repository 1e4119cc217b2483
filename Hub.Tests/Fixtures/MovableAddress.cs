using System.Net;
using System.Net.Sockets;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>
/// A port that leads to whichever Redis it is told to. Who is connected stays where he is, as behind a name or a virtual address that
/// moves.
/// </summary>
internal sealed class MovableAddress : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private volatile int _target;

    public MovableAddress(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Connection => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void MoveTo(int target) => _target = target;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target);
                await Task.WhenAny(
                    client.GetStream().CopyToAsync(server.GetStream()),
                    server.GetStream().CopyToAsync(client.GetStream()));
            }
            catch (Exception broken) when (broken is SocketException or IOException)
            {
                // As if the other side had closed.
            }
        }
    }
}
