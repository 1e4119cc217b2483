using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>The keys of one address. On a Cluster all of them lie in one slot, so that a script can use them together.</summary>
/// <param name="tag">The address, percent-encoded and in braces, behind the prefix.</param>
internal readonly struct AddressKeys(string tag)
{
    /// <summary>The messages: a stream.</summary>
    public RedisKey Log => tag + ":log";

    /// <summary>The id of the last message: a string, kept longer than the log.</summary>
    public RedisKey Head => tag + ":head";

    /// <summary>A user's attached connections: a hash from connection id to node.</summary>
    public RedisKey Connections => tag + ":connections";

    /// <summary>The nodes on which a group has members: a hash.</summary>
    public RedisKey Nodes => tag + ":nodes";

    /// <summary>The epoch of a user: a hash.</summary>
    public RedisKey Epoch => tag + ":epoch";

    /// <summary>The secrets with which the connections of a user may come back: a hash.</summary>
    public RedisKey Reconnects => tag + ":reconnects";

    /// <summary>The groups that a user is in by whatever connection he comes: a hash.</summary>
    public RedisKey Groups => tag + ":groups";

    /// <summary>The events of a user that wait to be sent to a backend: a stream.</summary>
    public RedisKey Events => tag + ":events";

    /// <summary>The tokens of a user that may not be spent yet, by when they die: a sorted set of their hashes.</summary>
    public RedisKey Tokens => tag + ":tokens";

    /// <summary>Whether a user is online, as backends are told: a hash.</summary>
    public RedisKey Presence => tag + ":presence";

    /// <summary>How far devices of a user, or users of a group, have handled what was published there: a hash.</summary>
    public RedisKey Receipts => tag + ":receipts";

    /// <summary>The messages whose receipt somebody awaits: a hash.</summary>
    public RedisKey Awaited => tag + ":awaited";

    /// <summary>The id and the fingerprint of the message that was published under an idempotency key: a string.</summary>
    public RedisKey Published(string idempotencyKey) => $"{tag}:published:{idempotencyKey}";
}
