namespace RealtimeHub.Delivery;

/// <summary>
/// How often something may be done: so often in a row, and in the long run once an interval. The generic cell rate algorithm (GCRA,
/// ITU-T I.371): one time instead of a count and a clock, in whichever unit.
/// </summary>
internal static class CellRate
{
    /// <summary>Takes a turn. Callers may come at once.</summary>
    /// <param name="theoreticalArrival">The time that is kept; 0 in the beginning.</param>
    /// <param name="now">The time.</param>
    /// <param name="interval">One turn's share of the time.</param>
    /// <param name="burst">How many turns may be taken in a row.</param>
    /// <returns>How long to wait for the turn, those before it included; 0 if it has come.</returns>
    public static long Take(ref long theoreticalArrival, long now, long interval, int burst)
    {
        long last, next;
        do
        {
            last = Volatile.Read(ref theoreticalArrival);
            next = Math.Max(last, now) + interval;
        }
        while (Interlocked.CompareExchange(ref theoreticalArrival, next, last) != last);

        return Math.Max(0, next - now - (burst * interval));
    }
}
