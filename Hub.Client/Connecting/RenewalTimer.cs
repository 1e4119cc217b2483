using System.Threading.Channels;

namespace RealtimeHub.Client.Connecting;

/// <summary>Knows when a connection is to be renewed: some time before its token expires, and as soon as the hub asks for it.</summary>
internal sealed class RenewalTimer : IDisposable
{
    private readonly Channel<bool> _due =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly RenewalPolicy _policy;
    private readonly ITimer _timer;

    public RenewalTimer(RenewalPolicy policy, TimeProvider time)
    {
        _policy = policy;
        _timer = time.CreateTimer(
            static timer => ((RenewalTimer)timer!).SetDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The hub has said how long the token still lets the connection stay; null for ever.</summary>
    public void SetLifetime(double? seconds) =>
        _timer.Change(seconds is { } lifetime ? _policy.Delay(lifetime) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>The connection is to be renewed now.</summary>
    public void SetDue() => _due.Writer.TryWrite(true);

    /// <summary>Returns when the connection is to be renewed. What has become due meanwhile counts once.</summary>
    public async Task DueAsync(CancellationToken cancellationToken) => await _due.Reader.ReadAsync(cancellationToken);

    public void Dispose() => _timer.Dispose();
}
