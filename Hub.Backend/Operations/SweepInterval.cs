namespace RealtimeHub.Operations;

/// <summary>Lets one of many concurrent callers sweep, at most once in an interval.</summary>
internal sealed class SweepInterval(TimeSpan between)
{
    private long _next;

    public bool TryTake(DateTimeOffset now)
    {
        var due = Volatile.Read(ref _next);
        return now.Ticks >= due && Interlocked.CompareExchange(ref _next, (now + between).Ticks, due) == due;
    }
}
