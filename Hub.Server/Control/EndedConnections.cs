using System.Text.Json.Serialization;

namespace RealtimeHub.Control;

/// <summary>What ending connections has come to.</summary>
public sealed class EndedConnections
{
    /// <summary>How many were ended, on all nodes.</summary>
    public required int Ended { get; init; }

    /// <summary>
    /// The epoch of the user from now on: no token of an older one opens a connection. Null where one connection or a label was ended.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Epoch { get; init; }

    /// <summary>Until when the user is banned; null if not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Until { get; init; }
}
