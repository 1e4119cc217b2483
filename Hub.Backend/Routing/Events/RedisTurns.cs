using RealtimeHub.Redis;
using StackExchange.Redis;

namespace RealtimeHub.Routing.Events;

/// <summary>Users by when it is their turn, in a sorted set: whoever leases one is alone with him for as long.</summary>
internal sealed class RedisTurns(RedisConnection redis, RedisKey users)
{
    private static readonly RedisScript LeaseScript = new("lease-events.lua");
    private static readonly RedisScript ReleaseScript = new("release-events.lua");

    /// <summary>Leases those whose turn has come.</summary>
    public async Task<IReadOnlyList<EventLease>> LeaseAsync(int most, TimeSpan time)
    {
        var answer = (RedisValue[])(await LeaseScript.RunAsync(redis, [users], [most, InMilliseconds(time)]))!;
        return [.. answer.Skip(1).Select(user => LeaseOf(user!, (long)answer[0]))];
    }

    /// <summary>Makes it a user's turn, unless he is there already.</summary>
    public Task ListAsync(Address user) =>
        redis.Database.SortedSetAddAsync(users, user.ToString(), score: 0, SortedSetWhen.NotExists).OrUnavailable(redis);

    /// <summary>Ends a lease, unless it is over and somebody else may have the next.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="wait">When it is his turn again.</param>
    /// <param name="isDone">Whether it is not.</param>
    public Task ReleaseAsync(EventLease lease, TimeSpan wait, bool isDone) =>
        ReleaseScript.RunAsync(redis, [users], [lease.User.ToString(), lease.Until, InMilliseconds(wait), isDone ? 1 : 0]);

    /// <summary>The same, where a script can see whether something waits of him.</summary>
    public Task ReleaseAsync(EventLease lease, TimeSpan wait, RedisKey queue) =>
        ReleaseScript.RunAsync(redis, [users, queue], [lease.User.ToString(), lease.Until, InMilliseconds(wait)]);

    private static EventLease LeaseOf(string user, long until) => Address.TryParse(user, out var address)
        ? new EventLease(address, until)
        : throw new InvalidOperationException("Among those whose turn Redis has to tell is one that is no user.");

    private static long InMilliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);
}
