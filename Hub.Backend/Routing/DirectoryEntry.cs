using System.Text;
using RealtimeHub.Redis;
using RealtimeHub.Routing.Events;
using StackExchange.Redis;

namespace RealtimeHub.Routing;

/// <summary>
/// What a node has entered in the directory of an address: for a user each connection, for a group itself. A connection without a user is
/// entered at everyone, who has no directory: it is noted only.
/// </summary>
/// <param name="Node">Who has entered it.</param>
/// <param name="Address">Whose directory.</param>
/// <param name="ConnectionId">The connection; of a group it does not matter which.</param>
/// <param name="Details">What else is known of the connection; null for a group.</param>
internal readonly record struct DirectoryEntry(NodeId Node, Address Address, string ConnectionId, ConnectionDetails? Details = null)
{
    private static readonly RedisValue PresenceGrace = (long)IPresence.Grace.TotalMilliseconds;
    private static readonly RedisValue ReconnectMemory = (long)IReconnects.Memory.TotalMilliseconds;

    private static readonly RedisScript DetachScript = new("record.lua", "reconnects.lua", "events.lua", "presence.lua", "detach.lua");

    /// <summary>Where it stands in the directory.</summary>
    public string Field => IsConnection ? ConnectionId : Node.Value;

    /// <summary>What stands there: the node, and what is known of the connection.</summary>
    public string Value => $"{VersionedRecord.Version} {Node}{Details?.Fields}";

    /// <summary>
    /// Where it stands in what the node has attached. A connection has one user, and a group is entered once: nothing stands there twice.
    /// </summary>
    public string NoteField => IsConnection ? ConnectionId : Address.ToString();

    /// <summary>What stands there: the address.</summary>
    public string Note => $"{VersionedRecord.Version} {Address}";

    /// <summary>Whether it tells where a connection is, and not only where a group has members.</summary>
    public bool IsConnection => !Address.IsGroup;

    /// <summary>Reads what stands in what a node has attached; null if it is none of ours.</summary>
    public static DirectoryEntry? Parse(NodeId node, string noteField, ReadOnlyMemory<byte> note) =>
        VersionedRecord.TryRead(note, out var record) && Address.TryParse(Encoding.UTF8.GetString(record.Subject.Span), out var address)
            ? new DirectoryEntry(node, address, noteField)
            : null;

    /// <summary>Reads what stands in the directory of a user; null if it is none of ours.</summary>
    public static AttachedConnection? ParseConnection(string connectionId, ReadOnlyMemory<byte> value) =>
        VersionedRecord.TryRead(value, out var record)
            ? new AttachedConnection(connectionId, new NodeId(Encoding.UTF8.GetString(record.Subject.Span)), ConnectionDetails.Read(record))
            : null;

    /// <summary>The directory; null for everyone, to whom every node listens.</summary>
    public RedisKey? Directory(RedisKeys keys) => Directory(keys.Of(Address.ToString()));

    /// <inheritdoc cref="Directory(RedisKeys)"/>
    public RedisKey? Directory(AddressKeys of) => Address == Address.Everyone ? default(RedisKey?)
        : Address.IsGroup ? of.Nodes
        : of.Connections;

    /// <summary>What lies under the secret of the connection.</summary>
    /// <param name="record">The record of its token.</param>
    public string Reconnect(ReadOnlySpan<byte> record) =>
        $"{ReconnectHead}{Details?.FieldsOfToken}\n\n{Encoding.UTF8.GetString(record)}";

    /// <summary>What of it its token does not say.</summary>
    public string ReconnectHead => $"{VersionedRecord.Version} {ConnectionId}\nnode {Node}";

    /// <summary>Notes that the node has attached it, for whoever sweeps the node when it is dead.</summary>
    public Task NoteAsync(RedisConnection redis, RedisKeys keys) =>
        redis.Database.HashSetAsync(keys.Attached(Node.Value), NoteField, Note).OrUnavailable(redis);

    /// <summary>Takes back that note, where nothing was entered.</summary>
    public Task ForgetNoteAsync(RedisConnection redis, RedisKeys keys) =>
        redis.Database.HashDeleteAsync(keys.Attached(Node.Value), NoteField).OrUnavailable(redis);

    /// <summary>
    /// First out of the directory, and only when that is done out of what the node has attached: a node that dies between, or a directory
    /// that cannot be written, leaves too much there, which is harmless. Where both lie on one primary it is one step.
    /// </summary>
    /// <param name="redis">Where they lie.</param>
    /// <param name="keys">Their names.</param>
    /// <param name="tellsOfPresence">Whether anybody is told when its user has gone.</param>
    /// <param name="isForGood">Whether the connection may not come back with its secret.</param>
    /// <param name="mayBeOnItsWay">Of a node that has just died: what does not stand in the directory stays noted, since it may still come
    /// there.</param>
    public async Task RemoveAsync(
        RedisConnection redis, RedisKeys keys, bool tellsOfPresence, bool isForGood = false, bool mayBeOnItsWay = false)
    {
        var (of, attached) = (keys.Of(Address.ToString()), keys.Attached(Node.Value));
        if (Directory(of) is not { } directory)
        {
            await ForgetNoteAsync(redis, keys);
            return;
        }

        var mayLeave = tellsOfPresence && Address.IsUser;
        RedisKey[] elsewhere = redis.IsCluster ? [] : [attached, keys.LeavingUsers];
        RedisValue[] presence = mayLeave ? [Address.ToString(), PresenceGrace] : [];
        var stoodThere = (bool)await DetachScript.RunAsync(
            redis, [directory, of.Reconnects, of.Presence, .. elsewhere],
            [Field, ReconnectMemory, isForGood ? 1 : "", NoteField, mayBeOnItsWay ? 1 : "", .. presence]);

        // Before the note goes: who sweeps this node, if it dies now, lists the user.
        await (redis.IsCluster && mayLeave ? new RedisTurns(redis, keys.LeavingUsers).ListAsync(Address) : Task.CompletedTask);
        if (redis.IsCluster && (stoodThere || !mayBeOnItsWay))
        {
            await ForgetNoteAsync(redis, keys);
        }
    }
}
