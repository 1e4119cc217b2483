namespace RealtimeHub.Delivery;

/// <summary>Where a message stands to what this node has seen of its log.</summary>
internal enum MessagePlace
{
    /// <summary>It is the next one.</summary>
    Next,

    /// <summary>Others come before it, and have not come yet. It is held.</summary>
    Early,

    /// <summary>It was delivered before.</summary>
    Known,

    /// <summary>Something was delivered in its place, so long ago that its id is forgotten: most likely itself.</summary>
    Passed,

    /// <summary>It is behind the head, and was not delivered: it comes late, or Redis has lost what stood in its place.</summary>
    Unexpected,
}
