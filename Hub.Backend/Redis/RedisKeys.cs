using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>Every key and channel of ours in Redis. No other place builds one.</summary>
internal sealed class RedisKeys(IOptions<RedisStoreOptions> options)
{
    private readonly string _prefix = options.Value.KeyPrefix;
    private readonly string _tokenPrefix = options.Value.KeyPrefix + "token:";
    private readonly string _nodePrefix = options.Value.KeyPrefix + "node:";
    private readonly string _channelPrefix = options.Value.ChannelPrefix;

    /// <summary>The running nodes, and those that died and are not yet swept: a set.</summary>
    public RedisKey Nodes => _prefix + "nodes";

    /// <summary>The users of whom events wait, by when it is their turn, in milliseconds since 1970: a sorted set.</summary>
    public RedisKey DueEvents => _prefix + "events:due";

    /// <summary>The users whose last connection is gone, by when that will be told, in milliseconds since 1970: a sorted set.</summary>
    public RedisKey LeavingUsers => _prefix + "presence:due";

    /// <summary>The channel that every node subscribes to. The multiplexer adds the prefix.</summary>
    public static RedisChannel Everyone { get; } = RedisChannel.Literal("everyone");

    /// <summary>The same channel with its prefix, for scripts.</summary>
    public RedisValue EveryoneInScript => _channelPrefix + "everyone";

    /// <summary>What a node's channel begins with, for scripts; the node's id follows.</summary>
    public RedisValue NodeInScript => _channelPrefix + "node:";

    /// <summary>Where a token record lies, and after the spend its tombstone.</summary>
    /// <param name="hash">Lower-case hex SHA-256 of the token: what is in Redis opens nothing.</param>
    public RedisKey Token(string hash) => _tokenPrefix + hash;

    /// <summary>Where a site of the seed puts the record of a token: under the token itself, without a prefix.</summary>
    public static RedisKey SeedToken(string token) => token;

    /// <summary>The keys of an address.</summary>
    public AddressKeys Of(string address) => new($"{_prefix}{{{Uri.EscapeDataString(address)}}}");

    /// <summary>Exists while the node lives: a string.</summary>
    public RedisKey Node(string id) => _nodePrefix + id;

    /// <summary>What a node has attached, for whoever sweeps it when it is dead: a hash, from the connection or the group.</summary>
    public RedisKey Attached(string id) => $"{_nodePrefix}{id}:attached";

    /// <summary>The channel of one node. The multiplexer adds the prefix.</summary>
    public static RedisChannel NodeChannel(string id) => RedisChannel.Literal("node:" + id);
}
