namespace RealtimeHub.Routing;

/// <summary>What is retained of each address. Section <c>Routing</c>. The same on every node and in every process that publishes.</summary>
public sealed class RoutingOptions
{
    internal const string Section = "Routing";

    internal const int MostMessages = 100_000;

    internal static readonly TimeSpan ShortestAge = TimeSpan.FromSeconds(1);

    internal static readonly TimeSpan LongestAge = TimeSpan.FromDays(365);

    /// <summary>How long the result of an idempotency key is remembered.</summary>
    internal static readonly TimeSpan IdempotencyMemory = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How much longer than its messages an empty log keeps its head, so that who was away knows that nothing was missed.
    /// </summary>
    internal static readonly TimeSpan HeadMemory = TimeSpan.FromDays(30);

    /// <summary>How long a head is kept.</summary>
    internal TimeSpan HeadLife => MaxAge + HeadMemory;

    /// <summary>The most messages of an address: 1 to 100,000, by default 1,000.</summary>
    public int MaxMessages { get; set; } = 1_000;

    /// <summary>The greatest age of a message: one second to a year, seven days by default.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(7);
}
