namespace RealtimeHub.Bench.Load;

/// <summary>
/// Open-loop arrivals: what is due at its time is begun at its time, however slow the answers to those before are, so that waiting is not
/// hidden.
/// </summary>
internal static class Metronome
{
    private static readonly TimeSpan Finest = TimeSpan.FromMicroseconds(200);

    /// <summary>
    /// Calls back for each arrival, with its number and the tick at which it was due. Lateness of ours counts as latency.
    /// </summary>
    /// <param name="perSecond">How many arrive in a second, evenly spread.</param>
    /// <param name="count">How many arrive in all.</param>
    /// <param name="arrive">Begins something, and does not wait for it.</param>
    public static Task RunAsync(double perSecond, int count, Action<int, long> arrive) => Task.Factory.StartNew(
        () =>
        {
            var between = Clock.Ticks(TimeSpan.FromSeconds(1)) / perSecond;
            var start = Clock.Now;
            for (var number = 0; number < count; number++)
            {
                var due = start + (long)(number * between);
                while (Clock.Now < due)
                {
                    Clock.Rest(Finest);
                }

                arrive(number, due);
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
