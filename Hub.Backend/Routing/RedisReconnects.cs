using Microsoft.Extensions.Options;
using RealtimeHub.Redis;
using RealtimeHub.Routing.Events;
using StackExchange.Redis;

namespace RealtimeHub.Routing;

/// <summary>Secrets in Redis, beside the directory of their user: one script takes one, and enters what comes in its place.</summary>
internal sealed class RedisReconnects(
    RedisConnection redis, RedisKeys keys, NodeId node, IOptions<RoutingOptions> options, IOptions<UserLimitOptions> limits,
    RecordedEvents recorded) : IReconnects
{
    private static readonly RedisScript Script = new(
        "record.lua", "log.lua", "refusal.lua", "limit.lua", "reconnects.lua", "groups.lua", "events.lua", "presence.lua", "reconnect.lua");

    private static readonly RedisValue Grace = (long)IPresence.Grace.TotalMilliseconds;
    private static readonly RedisValue Memory = (long)IReconnects.Memory.TotalMilliseconds;

    /// <remarks>On a Cluster the node notes the connection before, on a way of its own.</remarks>
    public async Task<Reconnected?> ReconnectAsync(Address user, string secretHash, ReconnectingConnection? next = null)
    {
        var entry = next is null ? default(DirectoryEntry?) : new DirectoryEntry(node, user, next.Id, next.Details);
        var notesBefore = redis.IsCluster && entry is not null;
        await (notesBefore ? entry!.Value.NoteAsync(redis, keys) : Task.CompletedTask);
        var answer = await RunAsync(user, secretHash, entry);
        await (redis.IsCluster && recorded.OfPresence && !answer.IsNull ? ListAsync(user, isBack: entry is not null) : Task.CompletedTask);
        await (notesBefore && answer.IsNull ? entry!.Value.ForgetNoteAsync(redis, keys) : Task.CompletedTask);
        return answer.IsNull ? null : Read((RedisResult[])answer!, next?.Id);
    }

    private Task<RedisResult> RunAsync(Address user, string secretHash, DirectoryEntry? next)
    {
        var of = keys.Of(user.ToString());
        RedisKey[] elsewhere = redis.IsCluster ? [] : [keys.Attached(node.Value), keys.DueEvents, keys.LeavingUsers];
        RedisKey[] touched =
            [of.Connections, of.Epoch, of.Reconnects, of.Head, of.Log, of.Groups, of.Presence, of.Events, .. elsewhere];
        RedisValue[] arguments =
        [
            secretHash, Memory, .. limits.Value.InScript(redis, keys), Cursor.RandomTag(), (long)options.Value.HeadLife.TotalMilliseconds,
            recorded.OfPresence ? user.ToString() : "", Grace,
            .. next is { Details.SecretHash: { } secret } entry
                ? (RedisValue[])[entry.Field, entry.Value, secret, entry.ReconnectHead, entry.Note]
                : [],
        ];
        return Script.RunAsync(redis, touched, arguments);
    }

    /// <summary>On a Cluster: has it looked whether something is to be told of a user, who has come or who may have gone.</summary>
    private Task ListAsync(Address user, bool isBack) => new RedisTurns(redis, isBack ? keys.DueEvents : keys.LeavingUsers).ListAsync(user);

    private static Reconnected Read(RedisResult[] answer, string? entered)
    {
        var (replaced, at, record) = ((string)answer[0]!, (string)answer[1]!, (byte[])answer[2]!);
        var node = at.Length > 0 ? new NodeId(at) : null;
        return entered is not null && answer is [_, _, _, var value, var head, var lasting]
            ? new Reconnected(replaced, node, record)
            {
                Entered = DirectoryEntry.ParseConnection(entered, (byte[])value!),
                Head = Cursor.TryParse((string?)head, out var cursor) ? cursor : default,
                Lasting = RedisLastingGroups.Read((RedisValue[])lasting!),
            }
            : new Reconnected(replaced, node, record);
    }
}
