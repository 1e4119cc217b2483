using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>Opens the process's one multiplexer, and tells the operator when Redis goes and comes back.</summary>
internal static partial class RedisConnection
{
    /// <remarks>A node starts without Redis as well: it says so, is not ready, lets nobody in, and goes on trying.</remarks>
    public static IConnectionMultiplexer Open(RedisOptions options, ILogger logger)
    {
        var configuration = ConfigurationOptions.Parse(options.Connection);
        configuration.AbortOnConnectFail = false;

        // A client that waits for Redis to come back holds a request open; told 503 at once, it comes again when it likes.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ClientName ??= "RealtimeHub";
        configuration.ChannelPrefix = RedisChannel.Literal(options.KeyPrefix);

        var multiplexer = ConnectionMultiplexer.Connect(configuration);
        multiplexer.ConnectionFailed += (_, failed) => Log.Lost(logger, failed.EndPoint, failed.ConnectionType, failed.FailureType);
        multiplexer.ConnectionRestored += (_, restored) => Log.Restored(logger, restored.EndPoint, restored.ConnectionType);
        if (!multiplexer.IsConnected)
        {
            Log.Unreachable(logger, options.Hosts);
        }

        return multiplexer;
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
