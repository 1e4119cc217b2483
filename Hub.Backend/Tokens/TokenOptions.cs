namespace RealtimeHub.Tokens;

/// <summary>How long tokens live, and which are accepted. Section <c>Tokens</c>.</summary>
public sealed class TokenOptions
{
    internal const string Section = "Tokens";

    internal static readonly TimeSpan ShortestLifetime = TimeSpan.FromSeconds(1);

    internal static readonly TimeSpan LongestLifetime = TimeSpan.FromMinutes(5);

    /// <summary>How long a spent token is remembered, so that a replay is told from a token that never was.</summary>
    internal static readonly TimeSpan ReplayMemory = TimeSpan.FromSeconds(60);

    internal const int MostReplicas = 10;

    internal const int MostPerUser = 1_000;

    /// <summary>Time from mint to death: one second to five minutes, twenty seconds by default.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Whether the tokens that the seed's Django template tag writes are spent as well, and the query parameter <c>ws_token</c> is read.
    /// False by default, because that format gives something up (docs/protocol.md). Needs Redis, where they lie.
    /// </summary>
    public bool AcceptSeedFormat { get; set; }

    /// <summary>
    /// How many replicas of Redis must have a spend before its client is let in: 0 to 10, none by default. With none, a token that was
    /// spent in the last moment before a failover can open a second connection, on another node. With one or more, connecting costs a round
    /// trip to them, and nobody gets in while too few answer within half a second.
    /// </summary>
    public int RequireReplicas { get; set; }

    /// <summary>
    /// How many tokens of one user may live unspent: 1 to 1,000, or 0, the default, for no limit. With one more the oldest dies, as if it
    /// had never been minted. One that was spent counts until it would have died. Every process that mints has the same number, and what a
    /// backend writes into Redis by itself is not counted.
    /// </summary>
    public int PerUser { get; set; }

    /// <summary>How long a node remembers what it spent: as long as anybody could show it with success.</summary>
    internal TimeSpan MemoryOfSpent => Lifetime > ReplayMemory ? Lifetime : ReplayMemory;
}
