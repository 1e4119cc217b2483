namespace RealtimeHub.Nodes;

/// <summary>Asks a node to send its clients to others, and to take no new ones.</summary>
internal sealed record DrainNode : NodeRequest;
