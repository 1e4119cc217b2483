using System.Text.Json.Serialization;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Receipts;

namespace RealtimeHub.Insight.Messages;

/// <summary>How far one device of a user has come with what is published to the user.</summary>
internal sealed record UserDevice
{
    /// <inheritdoc cref="DeviceReceipt.Device"/>
    public required string Device { get; init; }

    /// <inheritdoc cref="DeviceReceipt.Client"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Client { get; init; }

    /// <summary>When it was last heard of, by the clock of Redis.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc cref="DeviceReceipt.UpTo"/>
    public required string UpTo { get; init; }

    /// <summary>How many messages of the log come behind that.</summary>
    public required ulong Behind { get; init; }

    /// <summary>The message whose handler has failed, and behind which nothing counts as handled; not there if there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Failed { get; init; }

    /// <param name="receipt">What the device has said.</param>
    /// <param name="newest">The newest message of the log; null if it has none.</param>
    public static UserDevice Of(Receipt receipt, Cursor? newest) => new()
    {
        Device = receipt.Holder,
        Client = receipt.Client,
        At = receipt.LastHeard,
        UpTo = receipt.UpTo.ToString(),
        Behind = newest is { } last && last.Offset > receipt.UpTo.Offset ? last.Offset - receipt.UpTo.Offset : 0,
        Failed = receipt.Failed?.ToString(),
    };
}
