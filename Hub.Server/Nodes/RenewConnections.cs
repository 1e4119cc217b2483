namespace RealtimeHub.Nodes;

/// <summary>Asks a node to have connections renewed, and to end those that are not.</summary>
/// <param name="Connections">Their ids.</param>
/// <param name="Epoch">The epoch of which the new token must be: who has one of it or above is not asked, and not ended.</param>
/// <param name="WithinSeconds">How long they have.</param>
internal sealed record RenewConnections(IReadOnlyList<string> Connections, long Epoch, int WithinSeconds) : NodeRequest;
