namespace RealtimeHub.Nodes;

/// <summary>What a node says that has told connections to renew.</summary>
/// <param name="Asked">How many.</param>
internal sealed record RenewalAnswer(int Asked);
