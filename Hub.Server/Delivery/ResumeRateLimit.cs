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

    private long _theoreticalArrival;

    /// <summary>Takes a turn, and says how long to wait for it.</summary>
    public TimeSpan Take(DateTimeOffset now)
    {
        long last, next;
        do
        {
            last = Volatile.Read(ref _theoreticalArrival);
            next = Math.Max(last, now.UtcTicks) + EmissionInterval.Ticks;
        }
        while (Interlocked.CompareExchange(ref _theoreticalArrival, next, last) != last);

        var wait = TimeSpan.FromTicks(next - now.UtcTicks) - (Burst * EmissionInterval);
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
