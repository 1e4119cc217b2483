namespace RealtimeHub.Routing;

/// <summary>
/// Where a node takes in what the router has for it. Called in the order of each log, for several addresses at once; must not block.
/// </summary>
/// <param name="Deliver">
/// Messages that have come together, those of one address in the order in which they came. Each address has connections here, or had.
/// </param>
/// <param name="Handle">What another node asks of this one, in the words of its sender.</param>
/// <param name="MarkStale">Something may have been missed, or the directory may have lost what this node attached.</param>
internal sealed record Inbox(Action<ReadOnlySpan<RoutedMessage>> Deliver, Action<ReadOnlyMemory<byte>> Handle, Action MarkStale);
