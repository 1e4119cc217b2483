namespace RealtimeHub.Routing.Receipts;

/// <summary>What clients say of one address.</summary>
/// <param name="Address">A user or a group.</param>
/// <param name="Reports">How far each says that it is.</param>
internal sealed record AddressReports(Address Address, IReadOnlyList<HandledReport> Reports);
