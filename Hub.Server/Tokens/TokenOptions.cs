namespace RealtimeHub.Tokens;

/// <summary>How long tokens live, and which are accepted. Section <c>Tokens</c>.</summary>
public sealed class TokenOptions
{
    internal const string Section = "Tokens";

    internal static readonly TimeSpan ShortestLifetime = TimeSpan.FromSeconds(1);

    internal static readonly TimeSpan LongestLifetime = TimeSpan.FromMinutes(5);

    /// <summary>How long a spent token is remembered, so that a replay is told from a token that never was.</summary>
    internal static readonly TimeSpan ReplayMemory = TimeSpan.FromSeconds(60);

    /// <summary>Time from mint to death: one second to five minutes, twenty seconds by default.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Whether the tokens that the seed's Django template tag writes are spent as well, and the query parameter <c>ws_token</c> is read. False by
    /// default, because that format gives something up (docs/protocol.md). Needs Redis, where they lie.
    /// </summary>
    public bool AcceptSeedFormat { get; set; }
}
