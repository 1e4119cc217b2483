using System.Text.Json.Serialization;

namespace RealtimeHub.Authentication;

/// <summary>Something that has happened to a user who is followed.</summary>
/// <param name="At">When, by the clock of the node.</param>
/// <param name="Kind">What: <c>connected</c>, <c>refused</c>, <c>sent</c>, <c>resumed</c>, <c>handled</c>, <c>ended</c>.</param>
/// <param name="Text">The same in a sentence.</param>
internal sealed record FollowedEvent(DateTimeOffset At, string Kind, string Text)
{
    /// <summary>The node at which it has happened.</summary>
    public string Node { get; init; } = "";

    /// <summary>The connection that it has happened to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Connection { get; init; }

    /// <summary>The id of the message that it is about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}
