using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>
/// Why the client library's attempts to connect fail, by what it logs: nowhere else does it tell that of each. Its event tells of the
/// first failure only, and its exceptions know no reason between two attempts, or that of the first.
/// </summary>
internal sealed class ConnectionFaults : ILoggerFactory, ILogger
{
    private volatile RedisFault? _last;

    /// <summary>Why the last attempt failed; null since a connection was made.</summary>
    public RedisFault? Last => _last;

    public void Clear() => _last = null;

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is RedisConnectionException)
        {
            _last = RedisFault.Of(exception);
        }
    }

    public void AddProvider(ILoggerProvider provider)
    {
        // Nothing goes on from here.
    }

    public void Dispose()
    {
        // It holds nothing.
    }
}
