using System.Text.Json.Serialization;

namespace RealtimeHub.Insight.Messages;

/// <summary>What one device of a user has said of a message.</summary>
internal sealed record DeviceReceipt
{
    /// <summary>What the client calls itself, chosen by itself.</summary>
    public required string Device { get; init; }

    /// <summary>
    /// <c>handled</c>: its handlers have returned. <c>failed</c>: one has thrown. <c>waiting</c>: nothing was said of it yet.
    /// <c>passed</c>: later ones were handled, and of this one it was never said. <c>before</c>: it is older than all that is known.
    /// </summary>
    public required string State { get; init; }

    /// <summary>By when it was handled, by the clock of Redis: the receipts of a device come once a second.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? At { get; init; }

    /// <summary>The last message that the device has handled, and nothing before it is missing.</summary>
    public required string UpTo { get; init; }

    /// <summary>The client, with its version, as it says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Client { get; init; }
}
