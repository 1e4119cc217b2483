namespace RealtimeHub.Nodes;

/// <summary>Asks a node for its load. It counts from the first time that it is asked until a minute after the last.</summary>
internal sealed record DescribeLoad : NodeRequest;
