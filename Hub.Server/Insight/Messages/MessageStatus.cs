using System.Text.Json.Serialization;

namespace RealtimeHub.Insight.Messages;

/// <summary>What has become of a message.</summary>
internal sealed record MessageStatus
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it was published to.</summary>
    public required string Address { get; init; }

    /// <summary>
    /// <c>stored</c>: it stands in the log, and who comes back gets it. <c>expired</c>: its time to live is over.
    /// </summary>
    public required string State { get; init; }

    /// <summary>The word by which clients choose their handlers.</summary>
    public required string Type { get; init; }

    /// <summary>When it was published, by the clock of Redis.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <inheritdoc cref="AddressLogMessage.Publisher"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Publisher { get; init; }

    /// <summary>Of a user: his connections that a node has, or remembers, and what it has done for each.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ReachedConnection>? Connections { get; init; }

    /// <summary>Of a user: the nodes that have not answered. What they have done is not among <see cref="Connections"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? SilentNodes { get; init; }

    /// <summary>Of a user: what is known of his devices, those that have handled it first, at most 20.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DeviceReceipt>? Devices { get; init; }

    /// <summary>Of a group: who has handled it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GroupReceipts? Members { get; init; }
}
