namespace RealtimeHub.Delivery;

/// <summary>
/// How often a connection may resume: ten times in a row, and five times a second in the long run. Whoever is sooner waits, and those who
/// come at once wait one behind the other.
/// </summary>
/// <remarks>The generic cell rate algorithm (GCRA, ITU-T I.371): one time instead of a count and a clock.</remarks>
internal sealed class ResumeRateLimit
{
    private const int Burst = 10;

    private static readonly TimeSpan EmissionInterval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private DateTimeOffset _theoreticalArrival;

    /// <summary>Takes a turn, and says how long to wait for it.</summary>
    public TimeSpan Take(DateTimeOffset now)
    {
        lock (_lock)
        {
            _theoreticalArrival = (_theoreticalArrival > now ? _theoreticalArrival : now) + EmissionInterval;
            var wait = _theoreticalArrival - now - (Burst * EmissionInterval);
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }
}
