using RealtimeHub.Presence;

namespace RealtimeHub.Ingress.Http;

/// <summary>All living nodes.</summary>
internal sealed record NodesAnswer(IReadOnlyList<NodeStatus> Nodes);
