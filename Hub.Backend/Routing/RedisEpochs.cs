using RealtimeHub.Redis;
using StackExchange.Redis;

namespace RealtimeHub.Routing;

/// <summary>Epochs in Redis, each a hash beside the directory of its user. <c>attach.lua</c> compares them.</summary>
internal sealed class RedisEpochs(RedisConnection redis, RedisKeys keys) : IEpochs
{
    private const string Last = "last";
    private const string OfUser = "user";
    private const string OfSession = "session:";
    private const string Banned = "banned";
    private const string Reason = "reason";

    private static readonly RedisScript RaiseScript = new("raise.lua");
    private static readonly RedisValue Kept = (long)IEpochs.Memory.TotalMilliseconds;

    public async Task<long> LastAsync(Address user) =>
        (await redis.Database.HashGetAsync(KeyOf(user), Last).OrUnavailable(redis)).TryParse(out long last) ? last : 0;

    public async Task<long> RaiseAsync(Address user, string? session = null) =>
        (long)await RaiseScript.RunAsync(redis, [KeyOf(user)], [session is null ? OfUser : OfSession + session, Kept]);

    public Task BanAsync(Address user, DateTimeOffset until, string? reason = null) =>
        RaiseScript.RunAsync(redis, [KeyOf(user)], [OfUser, Kept, until.ToUnixTimeMilliseconds(), reason ?? ""]);

    public Task UnbanAsync(Address user) => redis.Database.HashDeleteAsync(KeyOf(user), [Banned, Reason]).OrUnavailable(redis);

    private RedisKey KeyOf(Address user) => keys.Of(user.ToString()).Epoch;
}
