namespace RealtimeHub.Nodes;

/// <summary>Tells who has asked how it went.</summary>
/// <param name="RequestId">The id of the <see cref="NodeRequest"/>.</param>
internal sealed record CommandAnswer(string RequestId) : NodeCommand
{
    /// <summary>Why it was not done; null if it was.</summary>
    public string? Mistake { get; init; }
}
