using System.Security.Cryptography;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>Waits before another attempt: longer each time, up to a limit, each spread by a fifth so that nodes do not come together.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, TimeProvider time)
{
    private readonly TimeSpan _first = first;
    private TimeSpan _next = first;

    /// <summary>Begins again with the shortest wait.</summary>
    public void Reset() => _next = _first;

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var wait = _next * (0.8 + (0.4 * RandomNumberGenerator.GetInt32(1_000) / 1_000.0));
        _next = _next * 2 < longest ? _next * 2 : longest;
        return Task.Delay(wait, time, cancellationToken);
    }
}
