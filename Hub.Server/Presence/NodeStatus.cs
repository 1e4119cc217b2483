using System.Text.Json.Serialization;

namespace RealtimeHub.Presence;

/// <summary>A node that lives.</summary>
public sealed record NodeStatus
{
    /// <summary>Random, and another after each start.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// Whether it has answered. If not, it has just died, is too busy, or of another version, and nothing else is known of it.
    /// </summary>
    public required bool Answers { get; init; }

    /// <summary>Whether it takes no new connections any more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Draining { get; init; }

    /// <summary>The name of its machine.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Machine { get; init; }

    /// <summary>The version of the hub, such as <c>0.1.0</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Version { get; init; }

    /// <summary>When it started, by its own clock.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Since { get; init; }

    /// <summary>How many connections it has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Connections { get; init; }

    /// <summary>
    /// How long a message took from it to the client of each node, in seconds, when it tried last; null where none came within five. It is
    /// half of the way there and back, by its own clock. Only itself is there, and nodes from which something has come.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double?>? Latencies { get; init; }
}
