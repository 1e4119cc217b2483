using System.Text.Json.Serialization;

namespace RealtimeHub.Presence;

/// <summary>An open connection of a user.</summary>
public sealed record UserConnection
{
    /// <summary>SignalR's <c>ConnectionId</c>. It opens nothing.</summary>
    public required string Id { get; init; }

    /// <summary>The node that has it.</summary>
    public required string Node { get; init; }

    /// <summary>When it opened, by its node's clock; null if a node of an older version has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Since { get; init; }

    /// <summary><c>WebSockets</c>, <c>ServerSentEvents</c> or <c>LongPolling</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Transport { get; init; }

    /// <summary>What the client calls itself, such as <c>realtimehub-js/0.1.0</c>: up to 128 characters, and it may say anything.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Client { get; init; }

    /// <summary>The web session that its token was minted in: <c>sid</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Session { get; init; }

    /// <summary>When it ends unless it is renewed: <c>exp</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The labels of its token.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];
}
