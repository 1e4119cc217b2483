using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A way to whichever of several servers is there: passes bytes on, later by a delay if one is given, and can be cut.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, Socket> _open = new();
    private readonly TimeSpan _delay;
    private readonly int[] _ports;
    private readonly Task _accepting;
    private int _turn;
    private volatile bool _isClosed;

    public Wire(TimeSpan delay, params int[] ports)
    {
        (_delay, _ports) = (delay, ports);
        _listener.Start(backlog: 4_096);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Cuts one connection in the middle of whatever it carries.</summary>
    public void Cut(int which)
    {
        var open = _open.ToArray();
        if (open.Length > 0)
        {
            Close(open[which % open.Length]);
        }
    }

    /// <summary>Cuts everything and lets nobody through while something is done.</summary>
    public async Task WhileClosedAsync(Func<Task> action)
    {
        _isClosed = true;
        foreach (var pair in _open)
        {
            Close(pair);
        }

        await action();
        _isClosed = false;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach (var pair in _open)
        {
            Close(pair);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptSocketAsync());
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        if (_isClosed || await ConnectAsync() is not { } server)
        {
            client.Dispose();
            return;
        }

        client.NoDelay = server.NoDelay = true;
        _open[client] = server;
        await Task.WhenAny(PassOnAsync(client, server), PassOnAsync(server, client));
        Close(KeyValuePair.Create(client, server));
    }

    private async Task<Socket?> ConnectAsync()
    {
        var turn = (uint)Interlocked.Increment(ref _turn);
        foreach (var port in _ports.Select((_, next) => _ports[(turn + next) % _ports.Length]))
        {
            var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, port);
                return server;
            }
            catch (SocketException)
            {
                server.Dispose();
            }
        }

        return null;
    }

    private async Task PassOnAsync(Socket from, Socket to)
    {
        var underWay = Channel.CreateUnbounded<(long SentAt, byte[] Bytes)>();
        var arriving = ArriveAsync(to, underWay.Reader);
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                underWay.Writer.TryWrite((TimeProvider.System.GetTimestamp(), buffer[..count]));
            }
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // The other way ends as well.
        }

        underWay.Writer.Complete();
        await arriving;
    }

    private async Task ArriveAsync(Socket to, ChannelReader<(long SentAt, byte[] Bytes)> underWay)
    {
        try
        {
            await foreach (var (sentAt, bytes) in underWay.ReadAllAsync())
            {
                if (_delay - TimeProvider.System.GetElapsedTime(sentAt) is var left && left > TimeSpan.Zero)
                {
                    await Task.Delay(left, TimeProvider.System);
                }

                await to.SendAsync(bytes);
            }
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // As above.
        }
    }

    private void Close(KeyValuePair<Socket, Socket> pair)
    {
        _open.TryRemove(pair.Key, out _);
        pair.Key.Close(timeout: 0);
        pair.Value.Close(timeout: 0);
    }
}
