namespace RealtimeHub.Routing;

/// <summary>A message on its way from the publisher to the router, encoded once for every node and client.</summary>
/// <param name="Address">Where it goes.</param>
/// <param name="Body">See <see cref="RoutedMessage"/>.</param>
internal sealed record Envelope(Address Address, ReadOnlyMemory<byte> Body)
{
    /// <summary>
    /// The publisher's place in a trace, as W3C's header of that name has it; null for none. It travels beside the message,
    /// and stands in no log.
    /// </summary>
    public string? TraceParent { get; init; }

    /// <summary>
    /// Who publishes, percent-encoded, as the log keeps it; null for code of this process, and for what stands in no log.
    /// </summary>
    public string? Publisher { get; init; }

    /// <summary>Only for who is connected now; it stands in no log.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Whether a backend is told when it is handled.</summary>
    public bool AwaitsReceipt { get; init; }

    /// <summary>How long after publishing it may still be delivered. Null: as long as it is retained.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>
    /// For five minutes the same key at the same address answers with the first id and publishes nothing. It says whose key it is.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>What tells the message from another under the same key, which is a mistake of its backend.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>
    /// The idempotency key of the message that went to the same address before it, for one that has a key as well: if that could not be
    /// published, neither is this, so that a retry of both finds their order as it was.
    /// </summary>
    public string? Follows { get; init; }
}
