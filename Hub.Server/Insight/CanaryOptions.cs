namespace RealtimeHub.Insight;

/// <summary>Whether a node is its own client all the time. Section <c>Canary</c>.</summary>
internal sealed class CanaryOptions
{
    public const string Section = "Canary";

    /// <summary>
    /// Whether the node keeps a connection to itself, and once a second sends a message to that of each node, ten at most. Default: yes,
    /// except in Development.
    /// </summary>
    public bool Enabled { get; set; } = true;
}
