using System.Text.Json.Serialization;

namespace RealtimeHub.Receipts;

/// <summary>What a node has done with a message for one connection.</summary>
internal sealed record ConnectionFinding
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>What the client calls itself.</summary>
    public string? Client { get; init; }

    /// <summary>When it opened.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>What was done.</summary>
    public required Decision Decision { get; init; }

    /// <summary>When it was over; null if it is open.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why the hub has ended it; null if it is open, or its client has gone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }
}
