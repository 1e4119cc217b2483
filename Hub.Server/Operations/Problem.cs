namespace RealtimeHub.Operations;

/// <summary>A refusal as it is sent: problem details (RFC 9457).</summary>
internal sealed record Problem(string Type, string Title, int Status, string Detail, string Code);
