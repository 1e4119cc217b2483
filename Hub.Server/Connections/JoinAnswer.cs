using System.Text.Json.Serialization;

namespace RealtimeHub.Connections;

/// <summary>The answer of <c>PushHub.Join</c>.</summary>
/// <param name="Head">
/// The head of the group's log: the client's cursor, if it has none there. What is published after it comes live. Null if the connection is
/// over.
/// </param>
public sealed record JoinAnswer(
    [property: JsonPropertyName("head"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Head);
