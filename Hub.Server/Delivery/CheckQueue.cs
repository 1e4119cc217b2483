namespace RealtimeHub.Delivery;

/// <summary>When each address is to be asked whether it is due: none is asked before its time has come.</summary>
/// <remarks>
/// A message puts off when an address is due, but does not move it here, where that would cost something. So it may be asked too early,
/// and then stands here at its new time.
/// </remarks>
internal sealed class CheckQueue
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<CheckSchedule, DateTimeOffset> _waiting = new();

    public void Add(CheckSchedule schedule, DateTimeOffset at)
    {
        lock (_lock)
        {
            _waiting.Enqueue(schedule, at);
        }
    }

    /// <summary>
    /// Asks those whose time has come, one by one, and takes those that are due. What is added meanwhile is for the next time.
    /// </summary>
    public IEnumerable<LocalAddress> TakeDue(DateTimeOffset now)
    {
        foreach (var schedule in TakeUntil(now))
        {
            if (schedule.Local is { } local && local.TryTakeDue(now))
            {
                yield return local;
            }
        }
    }

    private List<CheckSchedule> TakeUntil(DateTimeOffset now)
    {
        var come = new List<CheckSchedule>();
        lock (_lock)
        {
            while (_waiting.TryPeek(out var next, out var at) && at <= now)
            {
                _waiting.Dequeue();
                come.Add(next);
            }
        }

        return come;
    }
}
