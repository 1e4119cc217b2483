namespace RealtimeHub.Routing;

/// <summary>How much one user may take of all nodes together. Section <c>Limits</c>. The same on every node.</summary>
internal sealed class UserLimitOptions
{
    internal const string Section = "Limits";

    internal const int MostConnections = 1_000;

    /// <summary>The most connections of a user on all nodes: up to 1,000, or 0, the default, for no limit.</summary>
    public int ConnectionsPerUser { get; set; }
}
