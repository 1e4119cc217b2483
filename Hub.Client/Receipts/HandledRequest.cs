using RealtimeHub.Client.Handling;

namespace RealtimeHub.Client.Receipts;

/// <summary>The argument of the hub method <c>Handled</c>.</summary>
internal sealed record HandledRequest(string Device, IReadOnlyDictionary<string, HandledAddress> Addresses);
