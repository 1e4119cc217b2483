using System.Collections.Concurrent;

namespace RealtimeHub.Transport;

/// <summary>The open connections of this transport: one timer serves all of them, and they end when the host stops.</summary>
internal sealed class SocketConnections(IHostApplicationLifetime lifetime, TransportMetrics metrics) : IHostedService, IDisposable
{
    /// <summary>How long they may take to end when the host stops. Who has not ended by then is cut off.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenBeats = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<SocketConnection, long> _open = new();
    private Timer? _timer;
    private volatile TaskCompletionSource? _emptied;
    private int _isBeating;

    /// <remarks>
    /// It measures by the machine's clock, as the hub layer does, whatever clock the host has. Like SignalR's own transports it ends its
    /// connections when the host begins to stop; what registers for that later than here comes first.
    /// </remarks>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = new Timer(_ => Beat(), state: null, BetweenBeats, BetweenBeats);
        lifetime.ApplicationStopping.Register(Stop);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _timer?.Dispose();

    /// <summary>Takes a connection into service.</summary>
    public void Add(SocketConnection connection)
    {
        _open[connection] = metrics.Opened();
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            connection.End();
        }
    }

    /// <summary>Takes note that its socket is closed.</summary>
    public void Remove(SocketConnection connection)
    {
        if (_open.TryRemove(connection, out var opened))
        {
            metrics.Closed(opened, _emptied is not null);
        }

        TellIfEmpty();
    }

    private void Beat()
    {
        // A beat that takes longer than a second leaves out the next.
        if (Interlocked.Exchange(ref _isBeating, 1) == 1)
        {
            return;
        }

        var now = TimeProvider.System.GetUtcNow();
        foreach (var (connection, _) in _open)
        {
            connection.Beat(now);
        }

        Volatile.Write(ref _isBeating, 0);
    }

    private void Stop()
    {
        _emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var (connection, _) in _open)
        {
            connection.End();
        }

        TellIfEmpty();

        // The host asks in a callback, which cannot wait in another way.
        Task.WaitAll([_emptied.Task], StopTimeout);
        foreach (var (connection, _) in _open)
        {
            connection.Abort();
        }
    }

    private void TellIfEmpty()
    {
        if (_emptied is { } emptied && _open.IsEmpty)
        {
            emptied.TrySetResult();
        }
    }
}
