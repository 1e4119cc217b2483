using RealtimeHub.Routing;

namespace RealtimeHub.Control;

/// <summary>A user is in as many groups that last as he may be.</summary>
internal sealed class GroupsFullException() : InvalidOperationException(
    $"A user may be in {ILastingGroups.MaxGroups} groups that last. Take him out of one first.");
