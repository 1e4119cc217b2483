namespace RealtimeHub.Client;

/// <summary>The hub has ended the connection of a client, and said why.</summary>
/// <param name="Code">The reason, for programs: <c>node_stopping</c>, <c>ended</c>, <c>banned</c> or another code of docs/protocol.md.</param>
/// <param name="Reason">The reason as a sentence, for people. It may be the backend's own.</param>
/// <param name="MayComeBack">Whether the client connects again by itself. If not, it is stopped until it is started again.</param>
public sealed record ConnectionEnd(string Code, string Reason, bool MayComeBack);
