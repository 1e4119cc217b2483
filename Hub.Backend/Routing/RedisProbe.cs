using RealtimeHub.Redis;
using RealtimeHub.Routing.Events;
using StackExchange.Redis;

namespace RealtimeHub.Routing;

/// <summary>Tries in Redis all that clients and backends need (spend, attach, publish, deliver), and leaves nothing there.</summary>
internal sealed partial class RedisProbe(
    RedisConnection redis, RedisKeys keys, RecordedEvents recorded, ILogger<RedisProbe> logger)
{
    private const string Nobody = "probe";

    private static readonly RedisScript Script = new("shebang.lua", "probe.lua");
    private static readonly RedisScript EventsScript = new("events-probe.lua");

    private RedisFault? _last;

    /// <summary>Tries, and tells the operator when Redis begins to refuse and when it no longer does.</summary>
    /// <returns>Why it would not go; null if it would.</returns>
    public async Task<RedisFault?> TryAsync()
    {
        var fault = await FindAsync();
        if (Interlocked.Exchange(ref _last, fault) is var last && fault != last)
        {
            Tell(last, fault);
        }

        return fault;
    }

    private async Task<RedisFault?> FindAsync()
    {
        try
        {
            // A token that nobody has: nothing is spent.
            var spend = redis.Database.StringSetAndGetAsync(keys.Token(Nobody), "", TimeSpan.FromSeconds(1), keepTtl: false, When.Exists)
                .OrUnavailable(redis);
            var of = keys.Of(Nobody);
            var rest = Script.RunAsync(
                redis, [of.Head, of.Log, of.Connections, of.Nodes, of.Published(Nobody), of.Epoch, of.Reconnects],
                [$"{keys.NodeInScript}{Nobody}"]);
            var events = recorded.OfPresence ? EventsScript.RunAsync(redis, [of.Events], []) : Task.CompletedTask;
            await Task.WhenAll(spend, rest, events);
            return null;
        }
        catch (StoreUnavailableException refused)
        {
            return refused.Fault;
        }
    }

    // RedisConnection logs when Redis is away.
    private void Tell(RedisFault? last, RedisFault? now)
    {
        if (now?.Said is not null)
        {
            Log.Refuses(logger, now);
        }
        else if (last?.Said is not null)
        {
            Log.Serves(logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "This node is not ready. {Fault}", EventName = "RedisRefuses")]
        public static partial void Refuses(ILogger logger, RedisFault fault);

        [LoggerMessage(2, LogLevel.Information, "Redis refuses nothing any more.", EventName = "RedisServes")]
        public static partial void Serves(ILogger logger);
    }
}
