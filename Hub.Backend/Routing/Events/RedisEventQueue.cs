using RealtimeHub.Redis;
using StackExchange.Redis;

namespace RealtimeHub.Routing.Events;

/// <summary>
/// Events in Redis: of each user a stream in his slot, and one sorted set of all users of whom something waits, by when it is their turn.
/// </summary>
/// <remarks>
/// On a Cluster the two lie on different primaries. There a user is listed behind each adding, and unlisted before it is looked once more
/// whether something waits: so what is added meanwhile lists him again.
/// </remarks>
internal sealed class RedisEventQueue(RedisConnection redis, RedisKeys keys) : IEventQueue
{
    private const string Record = "record";

    private static readonly RedisScript AddScript = new("events.lua", "add-events.lua");

    private readonly IDatabase _database = redis.Database;
    private readonly RedisTurns _due = new(redis, keys.DueEvents);

    public async Task<int> AddAsync(Address user, IReadOnlyList<HubEvent> events)
    {
        RedisKey[] touched = redis.IsCluster ? [QueueOf(user)] : [QueueOf(user), keys.DueEvents];
        RedisValue[] records = [.. events.Select(added => (RedisValue)added.ToRecord())];
        var gone = (int)await AddScript.RunAsync(redis, touched, [user.ToString(), .. records]);
        await (redis.IsCluster ? _due.ListAsync(user) : Task.CompletedTask);
        return gone;
    }

    public Task<IReadOnlyList<EventLease>> LeaseAsync(int most, TimeSpan time) => _due.LeaseAsync(most, time);

    public async Task<IReadOnlyList<QueuedEvent>> ReadAsync(Address user, int most)
    {
        var entries = await _database.StreamRangeAsync(QueueOf(user), count: most).OrUnavailable(redis);
        return [.. entries.Select(entry => new QueuedEvent(entry.Id!, HubEvent.Read(entry[Record])))];
    }

    public Task RemoveAsync(Address user, string place) => _database.StreamDeleteAsync(QueueOf(user), [place]).OrUnavailable(redis);

    public async Task ReleaseAsync(EventLease lease, TimeSpan wait)
    {
        if (!redis.IsCluster)
        {
            await _due.ReleaseAsync(lease, wait, QueueOf(lease.User));
            return;
        }

        var isDrained = await IsDrainedAsync(lease.User);
        await _due.ReleaseAsync(lease, wait, isDrained);
        if (isDrained && !await IsDrainedAsync(lease.User))
        {
            await _due.ListAsync(lease.User);
        }
    }

    private RedisKey QueueOf(Address user) => keys.Of(user.ToString()).Events;

    private async Task<bool> IsDrainedAsync(Address user) => await _database.StreamLengthAsync(QueueOf(user)).OrUnavailable(redis) == 0;
}
