namespace RealtimeHub.Client;

/// <summary>
/// How long a client waits between attempts: a random time up to a limit that doubles from <see cref="First"/> to <see cref="Max"/>.
/// </summary>
public sealed record RetryOptions
{
    /// <summary>The limit of the first wait: more than zero, one second by default.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The largest limit: from <see cref="First"/> to a day, thirty seconds by default.</summary>
    public TimeSpan Max { get; init; } = TimeSpan.FromSeconds(30);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(First, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Max, First);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Max, TimeSpan.FromDays(1));
    }
}
