namespace RealtimeHub.Routing.Events;

/// <summary>What an event says of a connection that the hub has ended or refused.</summary>
/// <param name="Connection">Its id.</param>
/// <param name="Node">The node that had it.</param>
/// <param name="Code">Why: the code of the reason.</param>
/// <param name="Reason">The sentence that belongs to it.</param>
/// <param name="MayComeBack">Whether its client may connect again by itself.</param>
internal sealed record ConnectionEvent(string Connection, string Node, string Code, string Reason, bool MayComeBack);
