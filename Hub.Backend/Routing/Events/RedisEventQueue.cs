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
    private static readonly RedisScript LeaseScript = new("lease-events.lua");
    private static readonly RedisScript ReleaseScript = new("release-events.lua");
    private static readonly RedisValue Life = (long)IEventQueue.Memory.TotalMilliseconds;

    private readonly IDatabase _database = redis.Database;

    public async Task<int> AddAsync(Address user, IReadOnlyList<HubEvent> events)
    {
        RedisKey[] touched = redis.IsCluster ? [QueueOf(user)] : [QueueOf(user), keys.DueEvents];
        RedisValue[] records = [.. events.Select(added => (RedisValue)added.ToRecord())];
        var gone = (int)await AddScript.RunAsync(redis, touched, [user.ToString(), IEventQueue.MostOfUser, Life, .. records]);
        await (redis.IsCluster ? ListAsync(user) : Task.CompletedTask);
        return gone;
    }

    public async Task<IReadOnlyList<EventLease>> LeaseAsync(int most, TimeSpan time)
    {
        var answer = (RedisValue[])(await LeaseScript.RunAsync(redis, [keys.DueEvents], [most, InMilliseconds(time)]))!;
        return [.. answer.Skip(1).Select(user => LeaseOf(user!, (long)answer[0]))];
    }

    public async Task<IReadOnlyList<QueuedEvent>> ReadAsync(Address user, int most)
    {
        var entries = await _database.StreamRangeAsync(QueueOf(user), count: most).OrUnavailable(redis);
        return [.. entries.Select(entry => new QueuedEvent(entry.Id!, HubEvent.Read(entry[Record])))];
    }

    public Task RemoveAsync(Address user, string place) => _database.StreamDeleteAsync(QueueOf(user), [place]).OrUnavailable(redis);

    public async Task ReleaseAsync(EventLease lease, TimeSpan wait)
    {
        RedisValue[] arguments = [lease.User.ToString(), lease.Until, InMilliseconds(wait)];
        if (!redis.IsCluster)
        {
            await ReleaseScript.RunAsync(redis, [keys.DueEvents, QueueOf(lease.User)], arguments);
            return;
        }

        var isDrained = await IsDrainedAsync(lease.User);
        await ReleaseScript.RunAsync(redis, [keys.DueEvents], [.. arguments, isDrained ? 1 : 0]);
        if (isDrained && !await IsDrainedAsync(lease.User))
        {
            await ListAsync(lease.User);
        }
    }

    private RedisKey QueueOf(Address user) => keys.Of(user.ToString()).Events;

    private async Task<bool> IsDrainedAsync(Address user) => await _database.StreamLengthAsync(QueueOf(user)).OrUnavailable(redis) == 0;

    private Task<bool> ListAsync(Address user) =>
        _database.SortedSetAddAsync(keys.DueEvents, user.ToString(), score: 0, SortedSetWhen.NotExists).OrUnavailable(redis);

    private static EventLease LeaseOf(string user, long until) => Address.TryParse(user, out var address)
        ? new EventLease(address, until)
        : throw new InvalidOperationException("Among those whose events wait in Redis is one that is no user.");

    private static long InMilliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);
}
