namespace RealtimeHub.Client.Joining;

/// <summary>Has a connection call no more often than the hub bears, however many groups there are.</summary>
internal sealed class CallRate(TimeProvider time)
{
    /// <summary>By default the hub ends a client that sends more than 100 messages in a second, whatever they are.</summary>
    private const int MostCalls = 40;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private long? _since;
    private int _left;

    /// <summary>How long it takes until calls may be made again.</summary>
    public TimeSpan Wait =>
        _since is { } since && Period - time.GetElapsedTime(since) is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero;

    /// <summary>How many of so many calls may be made now. They count as made.</summary>
    public int Take(int count)
    {
        if (Wait == TimeSpan.Zero)
        {
            (_since, _left) = (time.GetTimestamp(), MostCalls);
        }

        var taken = Math.Min(count, _left);
        _left -= taken;
        return taken;
    }
}
