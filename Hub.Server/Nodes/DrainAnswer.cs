namespace RealtimeHub.Nodes;

/// <summary>What a node says that has begun to drain.</summary>
/// <param name="Connections">How many it has now.</param>
/// <param name="Seconds">Over how long they are told to move.</param>
internal sealed record DrainAnswer(int Connections, double Seconds);
