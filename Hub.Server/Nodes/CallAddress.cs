using RealtimeHub.Routing;

namespace RealtimeHub.Nodes;

/// <summary>Calls the connections of an address, in the name of an <c>IHubContext</c>.</summary>
/// <param name="Address">Whom to call.</param>
/// <param name="Except">The connections of it that are not called.</param>
internal sealed record CallAddress(Address Address, IReadOnlyList<string> Except) : NodeCommand;
