namespace RealtimeHub.Insight;

/// <summary>Whether a node warms up before it is ready. Section <c>Warmup</c>.</summary>
internal sealed class WarmupOptions
{
    public const string Section = "Warmup";

    /// <summary>
    /// Whether the node connects, publishes and resumes through its own socket, for at most about three seconds, before it says that it
    /// is ready. Default: yes, except in Development.
    /// </summary>
    public bool Enabled { get; set; } = true;
}
