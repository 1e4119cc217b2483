namespace RealtimeHub.Delivery;

/// <summary>
/// When the head of an address is looked up: once nothing came for forty seconds, give or take a quarter, and soon after it was marked
/// stale. Whoever uses it holds the lock of its address.
/// </summary>
/// <remarks>
/// It stands in the queue once for what is due in the long run, and once more, as long as it lasts, for what is due sooner.
/// </remarks>
internal sealed class CheckSchedule(LocalAddress local, CheckQueue queue)
{
    private const int Spreads = 1_000;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(40);
    private static readonly DateTimeOffset Never = DateTimeOffset.MaxValue;

    // From 0 to 1, another for each address, so that not all are due at once.
    private readonly double _spread = (uint)local.Address.GetHashCode() % Spreads / (double)Spreads;

    private DateTimeOffset? _quietSince;
    private DateTimeOffset _staleFrom = Never;
    private DateTimeOffset _askedAt = Never;
    private DateTimeOffset _askedSoonerAt = Never;

    /// <summary>Whose it is; null once that is given up.</summary>
    public LocalAddress? Local { get; private set; } = local;

    private DateTimeOffset QuietUntil => _quietSince!.Value + (Quiet * (0.75 + (0.5 * _spread)));

    /// <summary>Enters it in the queue. From the next look at the queue on it counts how long nothing has come.</summary>
    public void Begin()
    {
        if (_askedAt == Never)
        {
            AskAt(DateTimeOffset.MinValue);
        }
    }

    /// <summary>Makes it due no more, and lets go of the address, although the queue has it for a while.</summary>
    public void End() => Local = null;

    /// <summary>Takes note that a message has come.</summary>
    public void Observe(DateTimeOffset now) => _quietSince = now;

    /// <summary>Makes the address due within a time.</summary>
    public void MarkStale(DateTimeOffset now, TimeSpan within)
    {
        var due = now + (within * _spread);
        _staleFrom = _staleFrom < due ? _staleFrom : due;
        AskNoLaterThan(_staleFrom);
    }

    /// <summary>Has the address asked whether it is due.</summary>
    public void AskNoLaterThan(DateTimeOffset time)
    {
        if (time < _askedSoonerAt)
        {
            _askedSoonerAt = time;
            queue.Add(this, time);
        }
    }

    /// <summary>Whether the head is to be looked up now. Who is told so looks it up.</summary>
    public bool TryTakeDue(DateTimeOffset now)
    {
        _quietSince ??= now;
        var isDue = _staleFrom <= now || QuietUntil <= now;
        if (isDue)
        {
            _staleFrom = Never;
            _quietSince = now;
        }

        AskAgain(now);
        return isDue;
    }

    private void AskAgain(DateTimeOffset now)
    {
        if (_askedAt <= now)
        {
            AskAt(EndOfSecond(QuietUntil));
        }

        if (_askedSoonerAt <= now)
        {
            _askedSoonerAt = Never;
            AskNoLaterThan(_staleFrom);
        }
    }

    private void AskAt(DateTimeOffset time)
    {
        _askedAt = time;
        queue.Add(this, time);
    }

    /// <remarks>So that all that are due in one second are looked at together.</remarks>
    private static DateTimeOffset EndOfSecond(DateTimeOffset time)
    {
        var past = time.Ticks % TimeSpan.TicksPerSecond;
        return past == 0 ? time : time.AddTicks(TimeSpan.TicksPerSecond - past);
    }
}
