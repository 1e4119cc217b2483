namespace RealtimeHub.Client.Connecting;

/// <summary>The answer of <c>Join</c>.</summary>
/// <param name="Head">The head of the group's log; null if the hub did not know it.</param>
internal sealed record JoinAnswer(string? Head);
