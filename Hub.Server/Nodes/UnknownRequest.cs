namespace RealtimeHub.Nodes;

/// <summary>A request of a kind that this version does not know, or that it cannot read. Who has asked is told so.</summary>
internal sealed record UnknownRequest(string Kind) : NodeRequest;
