namespace RealtimeHub.Bench.Workloads;

/// <summary>How a message to a user is published.</summary>
internal enum SendKind
{
    /// <summary>As the system does it by itself: with RealtimeHub durably, with the others live only.</summary>
    Ordinary,

    /// <summary>Live only.</summary>
    Transient,

    /// <summary>A hundred in a request.</summary>
    Batch,
}
