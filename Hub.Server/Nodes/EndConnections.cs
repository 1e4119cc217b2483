namespace RealtimeHub.Nodes;

/// <summary>Asks a node to end connections: those that are named, or all that have a label, also those that are about to open.</summary>
/// <param name="Code">Why: <see cref="Ended"/> or <see cref="Banned"/>.</param>
/// <param name="MayComeBack">Whether their clients may come back, with a new token.</param>
internal sealed record EndConnections(string Code, bool MayComeBack) : NodeRequest
{
    public const string Ended = "ended";

    public const string Banned = "banned";

    /// <summary>Their ids; null if it is about a label.</summary>
    public IReadOnlyList<string>? Connections { get; init; }

    /// <summary>The label; null if it is about connections.</summary>
    public string? Label { get; init; }

    /// <summary>What the clients are to be told; null for nothing.</summary>
    public string? Reason { get; init; }
}
