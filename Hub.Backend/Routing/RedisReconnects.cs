using Microsoft.Extensions.Options;
using RealtimeHub.Redis;
using StackExchange.Redis;

namespace RealtimeHub.Routing;

/// <summary>Secrets in Redis, beside the directory of their user: one script takes one, and enters what comes in its place.</summary>
internal sealed class RedisReconnects(
    RedisConnection redis, RedisKeys keys, NodeId node, IOptions<RoutingOptions> options, IOptions<UserLimitOptions> limits) : IReconnects
{
    private static readonly RedisScript Script =
        new("record.lua", "log.lua", "refusal.lua", "limit.lua", "reconnects.lua", "groups.lua", "reconnect.lua");

    private static readonly RedisValue Memory = (long)IReconnects.Memory.TotalMilliseconds;

    /// <remarks>On a Cluster the node notes the connection before, on a way of its own.</remarks>
    public async Task<Reconnected?> ReconnectAsync(Address user, string secretHash, ReconnectingConnection? next = null)
    {
        var entry = next is null ? default(DirectoryEntry?) : new DirectoryEntry(node, user, next.Id, next.Details);
        var notesBefore = redis.IsCluster && entry is not null;
        await (notesBefore ? entry!.Value.NoteAsync(redis, keys) : Task.CompletedTask);
        var answer = await RunAsync(keys.Of(user.ToString()), secretHash, entry);
        await (notesBefore && answer.IsNull ? entry!.Value.ForgetNoteAsync(redis, keys) : Task.CompletedTask);
        return answer.IsNull ? null : Read((RedisResult[])answer!, next?.Id);
    }

    private Task<RedisResult> RunAsync(AddressKeys of, string secretHash, DirectoryEntry? next)
    {
        RedisKey[] touched = [of.Connections, of.Epoch, of.Reconnects, of.Head, of.Log, of.Groups, .. redis.IsCluster ? [] : Noted()];
        RedisValue[] arguments =
        [
            secretHash, Memory, .. limits.Value.InScript(redis, keys), Cursor.RandomTag(), (long)options.Value.HeadLife.TotalMilliseconds,
            .. next is { Details.SecretHash: { } secret } entry
                ? (RedisValue[])[entry.Field, entry.Value, secret, entry.ReconnectHead, entry.Note]
                : [],
        ];
        return Script.RunAsync(redis, touched, arguments);
    }

    private RedisKey[] Noted() => [keys.Attached(node.Value)];

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
