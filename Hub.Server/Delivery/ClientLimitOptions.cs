namespace RealtimeHub.Delivery;

/// <summary>How much an open connection may take of its node. Section <c>Limits</c>.</summary>
internal sealed class ClientLimitOptions
{
    internal const string Section = "Limits";

    internal const int MostCalls = 10_000;

    internal static readonly TimeSpan LeastWaiting = TimeSpan.FromSeconds(1);

    internal static readonly TimeSpan MostWaiting = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How old the oldest message that waits for a client may become: one second to ten minutes, 30 seconds by default. Looked at each
    /// second.
    /// </summary>
    public TimeSpan WaitingTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many messages of the hub protocol a client may send in a second, calls and pings, and so many at once: 20 to 10,000, 100 by
    /// default, or 0 for no limit.
    /// </summary>
    public int CallsPerSecond { get; set; } = 100;
}
