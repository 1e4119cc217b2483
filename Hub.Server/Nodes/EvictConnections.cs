namespace RealtimeHub.Nodes;

/// <summary>
/// Tells a node that connections which it has have made room for newer ones of their users: they are in the directory no more.
/// </summary>
/// <param name="Connections">Their ids.</param>
internal sealed record EvictConnections(IReadOnlyList<string> Connections) : NodeCommand;
