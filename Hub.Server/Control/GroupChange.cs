namespace RealtimeHub.Control;

/// <summary>What a change of the groups of a user has come to.</summary>
public sealed class GroupChange
{
    /// <summary>How many connections of the user follow, on all nodes.</summary>
    public required int Connections { get; init; }
}
