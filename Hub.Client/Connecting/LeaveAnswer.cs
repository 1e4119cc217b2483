namespace RealtimeHub.Client.Connecting;

/// <summary>The answer of <c>Leave</c>.</summary>
/// <param name="HasLeft">Whether nothing else keeps the connection in the group.</param>
internal sealed record LeaveAnswer(bool HasLeft);
