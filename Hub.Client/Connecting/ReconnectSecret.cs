namespace RealtimeHub.Client.Connecting;

/// <summary>
/// The newest secret with which the hub lets the client back in without a token, once. It is kept in memory only, and for one run: another
/// user may sign in before the next.
/// </summary>
internal sealed class ReconnectSecret(TimeProvider time)
{
    /// <summary>How long after the end of its connection the hub knows a secret.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>With one of these a connection ends together with its secret.</summary>
    private static readonly string[] Deadly = ["ended", "banned", "token_expired", "renewal_missed"];

    private readonly Lock _lock = new();
    private string? _value;
    private DateTimeOffset _end = DateTimeOffset.MaxValue;

    /// <summary>What to show instead of a token; null if there is nothing that the hub may still know.</summary>
    public string? Value
    {
        get
        {
            lock (_lock)
            {
                return time.GetUtcNow() < _end ? _value : null;
            }
        }
    }

    /// <summary>A connection has brought a new one.</summary>
    public void Replace(string secret)
    {
        lock (_lock)
        {
            (_value, _end) = (secret, DateTimeOffset.MaxValue);
        }
    }

    /// <summary>The hub has let the client in with it, or has said that it does not know it. A newer one stays.</summary>
    public void Forget(string shown)
    {
        lock (_lock)
        {
            _value = _value == shown ? null : _value;
        }
    }

    /// <summary>The connection that brought it is over.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="lastReceived">When something last came in on it. A device may have slept since, and notices the end only now.</param>
    public void ConnectionEnded(PushException? reason, DateTimeOffset lastReceived)
    {
        lock (_lock)
        {
            _value = reason is EndedException end && Deadly.Contains(end.Code) ? null : _value;
            _end = lastReceived + Lifetime;
        }
    }
}
