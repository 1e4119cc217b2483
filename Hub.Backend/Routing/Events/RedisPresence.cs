using RealtimeHub.Redis;
using StackExchange.Redis;

namespace RealtimeHub.Routing.Events;

/// <summary>
/// Presence in Redis: a hash beside the directory of each user, changed in the scripts that change that, and one sorted set of those who
/// leave, by when their grace is over.
/// </summary>
internal sealed class RedisPresence(RedisConnection redis, RedisKeys keys) : IPresence
{
    private static readonly RedisScript ConcludeScript = new("events.lua", "presence.lua", "conclude-presence.lua");
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(5);

    private readonly RedisTurns _leaving = new(redis, keys.LeavingUsers);
    private readonly RedisTurns _due = new(redis, keys.DueEvents);

    public async Task<int> ConcludeAsync(int most)
    {
        var leases = await _leaving.LeaseAsync(most, LeaseTime);
        await Task.WhenAll(leases.Select(ConcludeAsync));
        return leases.Count;
    }

    private async Task ConcludeAsync(EventLease lease)
    {
        var of = keys.Of(lease.User.ToString());
        RedisKey[] both = redis.IsCluster ? [] : [keys.DueEvents, keys.LeavingUsers];
        var answer = (RedisValue[])(await ConcludeScript.RunAsync(
            redis, [of.Connections, of.Presence, of.Events, .. both], [lease.User.ToString(), Cursor.RandomTag()]))!;
        if (redis.IsCluster)
        {
            // If this node dies now, the user is listed still, and is not told of twice.
            await ((bool)answer[1] ? _due.ListAsync(lease.User) : Task.CompletedTask);
            var wait = TimeSpan.FromMilliseconds((long)answer[0]);
            await _leaving.ReleaseAsync(lease, wait, isDone: wait == TimeSpan.Zero);
        }
    }
}
