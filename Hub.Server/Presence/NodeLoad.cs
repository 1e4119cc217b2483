using System.Text.Json.Serialization;

namespace RealtimeHub.Presence;

/// <summary>What a node has to do. What is counted is counted since the node was first asked.</summary>
internal sealed record NodeLoad
{
    /// <summary>The node.</summary>
    public required string Node { get; init; }

    /// <summary>Since when it counts, by its clock. Another time: it has begun anew.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Connections that are open.</summary>
    public required int Connections { get; init; }

    /// <summary>Bytes that wait because clients have not taken what came before.</summary>
    public required long Waiting { get; init; }

    /// <summary>What has been counted, by name, with its code or outcome behind a space: <c>refusals token_spent</c>.</summary>
    public required IReadOnlyDictionary<string, long> Counts { get; init; }

    /// <summary>By the id of each node, in how many seconds a message came from here to a client there; null where none comes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double?>? Latencies { get; init; }

    /// <summary>The connections for which most waits, at most ten.</summary>
    public required IReadOnlyList<SlowConnection> Slow { get; init; }
}
