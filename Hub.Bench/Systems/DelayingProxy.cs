using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using RealtimeHub.Bench.Load;

namespace RealtimeHub.Bench.Systems;

/// <summary>A way to Redis that is longer: every answer comes later by a delay, and none waits for another.</summary>
internal sealed class DelayingProxy : IDisposable
{
    private const int ChunkSize = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly long _delay;

    /// <param name="target">The port that it leads to.</param>
    /// <param name="delay">What is added to a round trip.</param>
    public DelayingProxy(int target, TimeSpan delay)
    {
        (_target, _delay) = (target, Clock.Ticks(delay));
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                var server = await Loopback.ConnectAsync(_target);
                client.NoDelay = true;
                _ = CarryAsync(client, server, delay: 0);
                _ = CarryAsync(server, client, _delay);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private static async Task CarryAsync(Socket from, Socket to, long delay)
    {
        var chunks = Channel.CreateUnbounded<(byte[] Bytes, long Due)>();
        var writing = delay == 0 ? Task.CompletedTask : Task.Factory.StartNew(
            () => WriteLate(chunks.Reader, to), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            var buffer = new byte[ChunkSize];
            while (await from.ReceiveAsync(buffer) is > 0 and var read)
            {
                if (delay == 0)
                {
                    await to.SendAsync(buffer.AsMemory(0, read));
                }
                else
                {
                    chunks.Writer.TryWrite((buffer[..read], Clock.Now + delay));
                }
            }
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // One end is gone: so is the other.
        }

        chunks.Writer.TryComplete();
        await writing;
        to.Dispose();
    }

    /// <remarks>A thread of its own, which rests to the microsecond: a timer would make two milliseconds three.</remarks>
    private static void WriteLate(ChannelReader<(byte[] Bytes, long Due)> chunks, Socket to)
    {
        while (chunks.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (chunks.TryRead(out var chunk))
            {
                for (var left = chunk.Due - Clock.Now; left > 0; left = chunk.Due - Clock.Now)
                {
                    Clock.Rest(TimeSpan.FromMicroseconds(left * 1_000_000 / System.Diagnostics.Stopwatch.Frequency));
                }

                try
                {
                    to.Send(chunk.Bytes);
                }
                catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
