using RealtimeHub.Routing;

namespace RealtimeHub.Nodes;

/// <summary>Asks a node what it has done with a message for the connections of a user.</summary>
/// <param name="User">The user.</param>
/// <param name="Address">Where the message was published to.</param>
/// <param name="Id">The message.</param>
internal sealed record ExplainMessage(string User, Address Address, string Id) : NodeRequest;
