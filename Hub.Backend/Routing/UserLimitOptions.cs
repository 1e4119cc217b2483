using RealtimeHub.Redis;
using StackExchange.Redis;

namespace RealtimeHub.Routing;

/// <summary>How much one user may take of all nodes together. Section <c>Limits</c>. The same on every node.</summary>
internal sealed class UserLimitOptions
{
    internal const string Section = "Limits";

    internal const int MostConnections = 1_000;

    /// <summary>The most connections of a user on all nodes: up to 1,000, or 0, the default, for no limit.</summary>
    public int ConnectionsPerUser { get; set; }

    /// <summary>What comes of one more: refused by default.</summary>
    public UserFullPolicy WhenUserFull { get; set; }

    /// <summary>What limit.lua is told: the limit, and what the keys of nodes begin with. Each is empty if there is none to tell.</summary>
    internal RedisValue[] InScript(RedisConnection redis, RedisKeys keys) => ConnectionsPerUser > 0
        ? [ConnectionsPerUser, redis.IsCluster ? "" : (RedisValue)(byte[])keys.Node("")!]
        : ["", ""];
}
