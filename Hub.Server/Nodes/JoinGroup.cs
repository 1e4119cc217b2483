using RealtimeHub.Routing;

namespace RealtimeHub.Nodes;

/// <summary>Adds a connection to a group.</summary>
internal sealed record JoinGroup(string Connection, Address Group) : NodeRequest;
