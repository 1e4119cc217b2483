namespace RealtimeHub.Nodes;

/// <summary>Tells who has asked how it went.</summary>
/// <param name="RequestId">The id of the <see cref="NodeRequest"/>.</param>
internal sealed record CommandAnswer(string RequestId) : NodeCommand
{
    /// <summary>Of what kind the mistake is: the store does not serve the node.</summary>
    public const string StoreUnavailable = "store_unavailable";

    /// <summary>Of what kind the mistake is: the node does not know what it is asked for.</summary>
    public const string KindUnknown = "kind_unknown";

    /// <summary>Why it was not done; null if it was.</summary>
    public string? Mistake { get; init; }

    /// <summary>Of what kind the mistake is; null for one of whoever has asked.</summary>
    public string? Code { get; init; }
}
