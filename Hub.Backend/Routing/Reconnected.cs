namespace RealtimeHub.Routing;

/// <summary>What a secret was good for.</summary>
/// <param name="ReplacedId">The connection that it was given to. It stands in the directory no more.</param>
/// <param name="ReplacedNode">The node that has that one, or had it when it died; null if it has ended.</param>
/// <param name="Record">The record of its token.</param>
internal sealed record Reconnected(string ReplacedId, NodeId? ReplacedNode, ReadOnlyMemory<byte> Record)
{
    /// <summary>The connection in its place, as it is in the directory; null if none was named.</summary>
    public AttachedConnection? Entered { get; init; }

    /// <summary>The head of the user's log, as it stood when that was entered.</summary>
    public Cursor Head { get; init; }

    /// <summary>The groups that the user is in for long, as they were then; null if there are none.</summary>
    public IReadOnlyList<LastingGroup>? Lasting { get; init; }
}
