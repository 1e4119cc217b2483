namespace RealtimeHub.Nodes;

/// <summary>What a node says that has ended connections.</summary>
/// <param name="Ended">How many.</param>
internal sealed record EndAnswer(int Ended);
