namespace RealtimeHub.Bench;

/// <summary>
/// Repeats some work until a runtime compiles next to nothing meanwhile: the code that is measured then is the code that stays.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="limit">After this long it is not begun again.</param>
internal sealed class WarmUp(TimeProvider time, TimeSpan limit)
{
    /// <summary>Methods that a quiet compiler compiles in a second, at the most.</summary>
    public const double Few = 5;

    /// <returns>How many methods were compiled a second in the end, if the limit was over before the compiler was quiet.</returns>
    /// <param name="work">What is repeated; once at the least.</param>
    /// <param name="compiled">How many methods were compiled so far; null if the runtime does not tell.</param>
    public async Task<double?> RunAsync(Func<Task> work, Func<Task<long?>> compiled)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var (before, since) = (await compiled(), time.GetTimestamp());
            await work();
            var rate = (await compiled() - before) / time.GetElapsedTime(since).TotalSeconds;
            if (rate is null or <= Few || time.GetElapsedTime(start) >= limit)
            {
                return rate > Few ? rate : null;
            }
        }
    }
}
