using System.Text.Json.Serialization;

namespace RealtimeHub.Presence;

/// <summary>Some of those who are online.</summary>
/// <param name="Users">Each with the number of his connections.</param>
/// <param name="Next">Where the next page begins; null behind the last.</param>
public sealed record UserStatusPage(
    IReadOnlyList<UserStatus> Users, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);
