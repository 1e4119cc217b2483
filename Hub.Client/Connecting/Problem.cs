namespace RealtimeHub.Client.Connecting;

/// <summary>What the hub says when it refuses (RFC 9457).</summary>
internal sealed record Problem(string? Code, string? Detail);
