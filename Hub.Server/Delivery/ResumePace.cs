namespace RealtimeHub.Delivery;

/// <summary>How often a connection may resume: ten times in a row, and five times a second in the long run. Whoever is sooner waits.</summary>
internal sealed class ResumePace
{
    private const int AtOnce = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private DateTimeOffset _paidUntil;

    /// <summary>Takes a turn, and says how long to wait for it.</summary>
    /// <remarks>The generic cell rate algorithm (ITU-T I.371): one number instead of a count and a clock.</remarks>
    public TimeSpan Take(DateTimeOffset now)
    {
        _paidUntil = (_paidUntil > now ? _paidUntil : now) + Interval;
        var wait = _paidUntil - now - (AtOnce * Interval);
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
