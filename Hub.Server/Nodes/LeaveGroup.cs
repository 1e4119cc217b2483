using RealtimeHub.Routing;

namespace RealtimeHub.Nodes;

/// <summary>Takes a connection out of a group.</summary>
internal sealed record LeaveGroup(string Connection, Address Group) : NodeRequest;
