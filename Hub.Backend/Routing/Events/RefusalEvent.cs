namespace RealtimeHub.Routing.Events;

/// <summary>What an event says of clients that were not let in.</summary>
/// <param name="Node">The node that they came to.</param>
/// <param name="Status">The HTTP status that they were answered with.</param>
/// <param name="Code">Why: the code of the refusal.</param>
/// <param name="Reason">The sentence that belongs to it.</param>
/// <param name="Count">How many there were since the last event of the same code; 1 if it is known whose the client was.</param>
internal sealed record RefusalEvent(string Node, int Status, string Code, string Reason, long Count);
