using System.Text.Json.Serialization;
using RealtimeHub.Receipts;

namespace RealtimeHub.Insight.Messages;

/// <summary>What has been done with a message for one connection of its user.</summary>
/// <param name="Id">The connection.</param>
/// <param name="Node">The node that has it, or had it.</param>
/// <param name="Client">What the client calls itself.</param>
/// <param name="State">What was done: <c>sent</c>, <c>waiting</c>, <c>joinedLater</c>, <c>notHere</c> or <c>endedSince</c>.</param>
internal sealed record ReachedConnection(
    string Id, string Node, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Client, Decision State);
