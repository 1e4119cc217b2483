namespace RealtimeHub.Operations;

/// <summary>Gives the turn to sweep away what is dead to one of all who come by, once in a while.</summary>
internal sealed class SweepInterval(TimeSpan between)
{
    private long _next;

    public bool TryTake(DateTimeOffset now)
    {
        var due = Volatile.Read(ref _next);
        return now.Ticks >= due && Interlocked.CompareExchange(ref _next, (now + between).Ticks, due) == due;
    }
}
