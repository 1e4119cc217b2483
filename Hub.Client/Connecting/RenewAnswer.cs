namespace RealtimeHub.Client.Connecting;

/// <summary>The answer of <c>Renew</c>.</summary>
/// <param name="TokenLifetimeSeconds">How long the new token lets the connection stay; null for ever.</param>
internal sealed record RenewAnswer(double? TokenLifetimeSeconds);
