namespace RealtimeHub.Routing;

/// <summary>What a node has attached, as it knows it.</summary>
/// <param name="Address">Where.</param>
/// <param name="ConnectionId">The connection; for a group it does not matter which. Null: nothing is attached, it is about the head only.</param>
/// <param name="Head">The head of the address's log.</param>
internal readonly record struct Attachment(Address Address, string? ConnectionId, Cursor Head);
