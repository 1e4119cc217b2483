namespace RealtimeHub.Redis;

/// <summary>Where Redis is. Section <c>Redis</c>.</summary>
public sealed class RedisOptions
{
    internal const string Section = "Redis";

    /// <summary>
    /// A StackExchange.Redis connection string: standalone, Sentinel (<c>serviceName=…</c>) or Cluster. Empty, the default, keeps
    /// everything in this process's memory: one node, nothing to install, all gone at a restart.
    /// </summary>
    public string Connection { get; set; } = "";

    /// <summary>What every key and channel of ours begins with, so that several hubs can share a Redis. Default <c>hub:</c>.</summary>
    public string KeyPrefix { get; set; } = "hub:";

    internal bool IsConfigured => !string.IsNullOrWhiteSpace(Connection);
}
