namespace RealtimeHub.Delivery;

/// <summary>
/// How often a connection may resume: ten times in a row, and five times a second in the long run. Whoever is sooner waits, and those who
/// come at once wait one behind the other.
/// </summary>
internal sealed class ResumeRateLimit
{
    private const int Burst = 10;

    private static readonly TimeSpan EmissionInterval = TimeSpan.FromMilliseconds(200);

    private long _theoreticalArrival;

    /// <summary>Takes a turn, and says how long to wait for it.</summary>
    public TimeSpan Take(DateTimeOffset now) =>
        TimeSpan.FromTicks(CellRate.Take(ref _theoreticalArrival, now.UtcTicks, EmissionInterval.Ticks, Burst));
}
