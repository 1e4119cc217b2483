using System.Text.Json.Serialization;

namespace RealtimeHub.Receipts;

/// <summary>What one node has done with a message for the connections of a user.</summary>
/// <param name="Node">The node.</param>
/// <param name="DeliveredAt">When it has handed the message to its connections; null if it has not, or does not know any more.</param>
/// <param name="Connections">The connections of the user that are here, and those that were until a short time ago.</param>
internal sealed record NodeFinding(
    string Node,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? DeliveredAt,
    IReadOnlyList<ConnectionFinding> Connections);
