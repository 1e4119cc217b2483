namespace RealtimeHub.Routing.Events;

/// <summary>What an event says of messages that a client was told to have lost.</summary>
/// <param name="Connection">The id of its connection.</param>
/// <param name="Node">The node that has it.</param>
/// <param name="Addresses">At which addresses.</param>
internal sealed record LossEvent(string Connection, string Node, IReadOnlyList<string> Addresses);
