namespace RealtimeHub.Delivery;

/// <summary>
/// When the head of an address is looked up: once nothing came for forty seconds, give or take a quarter, and soon after it was marked
/// stale. Whoever uses it holds the lock of its address.
/// </summary>
/// <param name="spread">From 0 to 1, another for each address, so that not all are due at once.</param>
internal sealed class CheckSchedule(double spread)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(40);

    private DateTimeOffset? _quietSince;
    private DateTimeOffset? _staleFrom;

    /// <summary>Takes note that a message has come.</summary>
    public void Observe(DateTimeOffset now) => _quietSince = now;

    /// <summary>Makes the address due within a time.</summary>
    public void MarkStale(DateTimeOffset now, TimeSpan within)
    {
        var due = now + (within * spread);
        _staleFrom = _staleFrom < due ? _staleFrom : due;
    }

    /// <summary>Whether the head is to be looked up now. Who is told so looks it up.</summary>
    public bool TryTakeDue(DateTimeOffset now)
    {
        _quietSince ??= now;
        if (!(_staleFrom <= now) && _quietSince + (Quiet * (0.75 + (0.5 * spread))) > now)
        {
            return false;
        }

        _staleFrom = null;
        _quietSince = now;
        return true;
    }
}
