using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>This process's own connection to the hub's Redis, opened at the first use, and what the operator is told when Redis goes and comes back.</summary>
/// <remarks>
/// A type of ours, because a host may have registered an <see cref="IConnectionMultiplexer"/> to some other Redis, and because whoever asks the host for
/// one must not be given this: its channels have a prefix, and its commands fail at once while Redis is away.
/// </remarks>
internal sealed partial class RedisConnection : IAsyncDisposable, IDisposable
{
    private readonly ILogger _logger;

    /// <remarks>A node starts without Redis as well: it says so, is not ready, lets nobody in, and goes on trying.</remarks>
    public RedisConnection(IOptions<RedisOptions> options, ILogger<RedisConnection> logger)
    {
        _logger = logger;
        Multiplexer = ConnectionMultiplexer.Connect(Configuration(options.Value));
        Multiplexer.ConnectionFailed += (_, failed) => Log.Lost(_logger, failed.EndPoint, failed.ConnectionType, failed.FailureType);
        Multiplexer.ConnectionRestored += (_, restored) => Log.Restored(_logger, restored.EndPoint, restored.ConnectionType);
        if (!Multiplexer.IsConnected)
        {
            Log.Unreachable(_logger, options.Value.Hosts);
        }
    }

    public IConnectionMultiplexer Multiplexer { get; }

    public IDatabase Database => Multiplexer.GetDatabase();

    public ISubscriber Subscriber => Multiplexer.GetSubscriber();

    public ValueTask DisposeAsync() => Multiplexer.DisposeAsync();

    public void Dispose() => Multiplexer.Dispose();

    private static ConfigurationOptions Configuration(RedisOptions options)
    {
        var configuration = ConfigurationOptions.Parse(options.Connection);
        configuration.AbortOnConnectFail = false;

        // A client that waits for Redis to come back holds a request open; told 503 at once, it comes again when it likes.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ClientName ??= "RealtimeHub";
        configuration.ChannelPrefix = RedisChannel.Literal(options.KeyPrefix);
        return configuration;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Redis at {EndPoints} does not answer. Clients get 503 until it does.", EventName = "RedisUnreachable")]
        public static partial void Unreachable(ILogger logger, string endPoints);

        [LoggerMessage(2, LogLevel.Error, "Lost the {Kind} connection to Redis at {EndPoint} ({Failure}). Trying again.", EventName = "RedisLost")]
        public static partial void Lost(ILogger logger, System.Net.EndPoint? endPoint, ConnectionType kind, ConnectionFailureType failure);

        [LoggerMessage(3, LogLevel.Information, "The {Kind} connection to Redis at {EndPoint} is back.", EventName = "RedisRestored")]
        public static partial void Restored(ILogger logger, System.Net.EndPoint? endPoint, ConnectionType kind);
    }
}
