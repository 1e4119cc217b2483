using System.Text.Json.Serialization;

namespace RealtimeHub.Control;

/// <summary>A group that a user is in for long.</summary>
public sealed class UserGroup
{
    /// <summary>Its name.</summary>
    public required string Group { get; init; }

    /// <summary>Until when; null: until he is taken out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Until { get; init; }
}
