namespace RealtimeHub.Nodes;

/// <summary>Asks a node about itself.</summary>
internal sealed record DescribeNode : NodeRequest;
