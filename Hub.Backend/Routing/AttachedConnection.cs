namespace RealtimeHub.Routing;

/// <summary>A connection as the directory knows it.</summary>
/// <param name="Id">Its <c>ConnectionId</c>.</param>
/// <param name="Node">The node that has it.</param>
/// <param name="Details">What else is known of it; null if an older node has entered it.</param>
internal sealed record AttachedConnection(string Id, NodeId Node, ConnectionDetails? Details);
