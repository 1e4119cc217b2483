namespace RealtimeHub.Connections;

/// <summary>When each of many connections is told to move.</summary>
/// <remarks>
/// The time is cut into as many parts as there are connections, and each is told at a random moment of a part of its own. So they come to
/// the other nodes evenly, and two nodes that are drained together are not in step.
/// </remarks>
internal static class DrainSchedule
{
    private const int MostInASecond = 1_000;

    /// <summary>With this much for each, no two moments are further apart than half a second.</summary>
    private static readonly TimeSpan LongestPart = TimeSpan.FromMilliseconds(250);

    /// <summary>How long it takes to tell so many.</summary>
    /// <param name="connections">How many there are.</param>
    /// <param name="time"><see cref="DrainOptions.Time"/>.</param>
    public static TimeSpan TimeFor(int connections, TimeSpan time)
    {
        var (atLeast, atMost) = (TimeSpan.FromSeconds(connections / (double)MostInASecond), connections * LongestPart);
        return time == TimeSpan.Zero ? time : time < atLeast ? atLeast : time > atMost ? atMost : time;
    }

    /// <summary>The moments of so many, counted from the beginning: each later than the one before.</summary>
    /// <param name="connections">How many there are.</param>
    /// <param name="time"><see cref="DrainOptions.Time"/>.</param>
    /// <param name="random">Gives numbers from 0 up to, but not including, 1.</param>
    public static IEnumerable<TimeSpan> MomentsOf(int connections, TimeSpan time, Func<double> random)
    {
        var part = TimeFor(connections, time) / Math.Max(connections, 1);
        return Enumerable.Range(0, connections).Select(index => part * (index + random()));
    }
}
