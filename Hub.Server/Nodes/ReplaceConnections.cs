namespace RealtimeHub.Nodes;

/// <summary>Tells a node that others have taken the place of connections that it has: they are in the directory no more.</summary>
/// <param name="Connections">Their ids.</param>
internal sealed record ReplaceConnections(IReadOnlyList<string> Connections) : NodeCommand;
