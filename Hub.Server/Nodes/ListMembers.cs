using RealtimeHub.Routing;

namespace RealtimeHub.Nodes;

/// <summary>Asks who of a group is at the node.</summary>
/// <param name="Group">The group.</param>
/// <param name="Limit">At most so many users.</param>
internal sealed record ListMembers(Address Group, int Limit) : NodeRequest
{
    /// <summary>Only users whose names come behind this one; null for all.</summary>
    public string? After { get; init; }
}
