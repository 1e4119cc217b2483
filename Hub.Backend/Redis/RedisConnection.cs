using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>
/// This process's own connection to the hub's Redis, opened at the first use. It logs when Redis goes and when it comes back.
/// </summary>
/// <remarks>
/// A type of ours, because a host may have registered an <see cref="IConnectionMultiplexer"/> to some other Redis, and because whoever asks
/// the host for one must not be given this: its channels have a prefix, and its commands fail at once while Redis is away.
/// </remarks>
internal sealed partial class RedisConnection : IAsyncDisposable, IDisposable
{
    private readonly ConnectionFaults _faults = new();
    private readonly RedisWatch? _watch;
    private int _disposed;

    /// <remarks>A node starts without Redis, too: it logs that, is not ready, lets nobody in, and keeps trying.</remarks>
    public RedisConnection(
        IOptions<RedisStoreOptions> options, TimeProvider time, ScriptMetrics scripts, ILogger<RedisConnection> logger)
    {
        Scripts = scripts;
        var sockets = new RedisSockets();
        var configuration = Configuration(options.Value, sockets);
        configuration.LoggerFactory = _faults;
        Multiplexer = ConnectionMultiplexer.Connect(configuration);
        Multiplexer.ConnectionFailed += (_, failed) => Log.Lost(
            logger, failed.EndPoint, failed.ConnectionType, failed.FailureType, RedisFault.Of(failed.Exception));
        Multiplexer.ConnectionRestored += (_, restored) =>
        {
            _faults.Clear();
            Log.Restored(logger, restored.EndPoint, restored.ConnectionType);
        };
        if (FaultAtStart() is { } fault)
        {
            Log.Unreachable(logger, options.Value.Hosts, fault);
        }

        // Sentinel tells by itself who is the primary.
        _watch = configuration.ServiceName is null ? new RedisWatch(Multiplexer, sockets, time) : null;
    }

    public IConnectionMultiplexer Multiplexer { get; }

    /// <summary>What is measured of scripts.</summary>
    public ScriptMetrics Scripts { get; }

    /// <summary>
    /// Whether keys lie on several primaries: then commands to different keys take different ways,
    /// and one may arrive without the one before it.
    /// </summary>
    public bool IsCluster => Multiplexer.HashSlot("any") >= 0;

    public IDatabase Database => Multiplexer.GetDatabase();

    public ISubscriber Subscriber => Multiplexer.GetSubscriber();

    /// <summary>What a failed command means. Of one that found no connection: why there is none.</summary>
    public StoreUnavailableException Unavailable(Exception failure)
    {
        var fault = RedisFault.Of(failure);
        var isUnexplained = fault == RedisFault.Silence && failure is not TimeoutException;
        return new StoreUnavailableException(isUnexplained ? _faults.Last ?? fault : fault, failure);
    }

    /// <remarks>The container disposes of what it knows under two names twice.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await (_watch?.DisposeAsync() ?? ValueTask.CompletedTask);
            await Multiplexer.DisposeAsync();
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static ConfigurationOptions Configuration(RedisStoreOptions options, RedisSockets sockets)
    {
        var configuration = options.Parse();
        configuration.AbortOnConnectFail = false;

        // To wait for Redis would hold requests open. A client that gets 503 at once can decide when to retry.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ReconnectRetryPolicy = new LinearRetry(1_000);
        configuration.BeforeSocketConnect = sockets.Add;

        // The keys of a site of the seed are its tokens.
        configuration.IncludeDetailInExceptions = false;
        configuration.ClientName ??= "RealtimeHub";

        // Without a channel from the beginning the subscription connection would open a moment later and be reported as restored.
        configuration.ConfigurationChannel = configuration.ConfigurationChannel is { Length: > 0 } channel
            ? channel
            : options.ChannelPrefix + "primary";
        configuration.ChannelPrefix = RedisChannel.Literal(options.ChannelPrefix);
        return configuration;
    }

    private RedisFault? FaultAtStart()
    {
        try
        {
            Database.Ping(CommandFlags.DemandMaster);
            return null;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            return Unavailable(failure).Fault;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Clients get 503 until Redis at {EndPoints} serves the hub. {Fault}", EventName = "RedisUnreachable")]
        public static partial void Unreachable(ILogger logger, string endPoints, RedisFault fault);

        [LoggerMessage(2, LogLevel.Error, "Lost the {Kind} connection to Redis at {EndPoint} ({Failure}). Trying again. {Fault}", EventName = "RedisLost")]
        public static partial void Lost(
            ILogger logger, System.Net.EndPoint? endPoint, ConnectionType kind, ConnectionFailureType failure, RedisFault fault);

        [LoggerMessage(3, LogLevel.Information, "The {Kind} connection to Redis at {EndPoint} is back.", EventName = "RedisRestored")]
        public static partial void Restored(ILogger logger, System.Net.EndPoint? endPoint, ConnectionType kind);
    }
}
