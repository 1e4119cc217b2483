using System.Text.Json.Serialization;

namespace RealtimeHub.Connections;

/// <summary>The answer of <c>PushHub.Leave</c>.</summary>
/// <param name="HasLeft">
/// Whether the connection is in the group no more, so that the client forgets its cursor. False if something else than its client keeps it
/// there.
/// </param>
public sealed record LeaveAnswer([property: JsonPropertyName("hasLeft")] bool HasLeft);
