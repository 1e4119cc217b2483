namespace RealtimeHub.Nodes;

/// <summary>Calls connections by their ids, in the name of an <c>IHubContext</c>.</summary>
internal sealed record CallConnections(IReadOnlyList<string> Connections) : NodeCommand;
