namespace RealtimeHub.Routing;

/// <summary>A connection that comes in the place of the one whose secret is shown.</summary>
/// <param name="Id">Its <c>ConnectionId</c>.</param>
/// <param name="Details">What the directory is to know of it, but for what its token says.</param>
internal sealed record ReconnectingConnection(string Id, ConnectionDetails Details);
