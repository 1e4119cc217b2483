namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>
/// Waits before another attempt: longer each time, up to a limit. Each wait is spread by a fifth, so that nodes do not return together.
/// </summary>
/// <param name="first">The wait before the second attempt.</param>
/// <param name="longest">The limit, before the spread is added.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Returns a random number from 0 to 1.</param>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, TimeProvider time, Func<double> random)
{
    private readonly TimeSpan _first = first;
    private TimeSpan _next = first;

    /// <summary>Begins again with the shortest wait.</summary>
    public void Reset() => _next = _first;

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var wait = _next * (0.8 + (0.4 * random()));
        _next = _next * 2 < longest ? _next * 2 : longest;
        return Task.Delay(wait, time, cancellationToken);
    }
}
