namespace RealtimeHub.Client.Handling;

/// <summary>How far a client has handled an address, as the hub is told.</summary>
/// <param name="After">Everything behind this message, and up to <paramref name="UpTo"/>, was handled.</param>
/// <param name="UpTo">The last message that was handled.</param>
/// <param name="Failed">The message whose handler has failed: behind it nothing counts as handled.</param>
internal sealed record HandledAddress(string After, string UpTo, string? Failed);
