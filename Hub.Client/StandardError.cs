using Microsoft.Extensions.Logging;

namespace RealtimeHub.Client;

/// <summary>
/// The logger that is used if the application gives none: it writes warnings and errors to standard error, one line each, so that nothing
/// fails silently.
/// </summary>
internal sealed class StandardError(TextWriter output) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Give a LoggerFactory of your own instead.");

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            var stack = logLevel >= LogLevel.Error ? $" {exception}" : "";
            output.WriteLine($"RealtimeHub.Client {logLevel.ToString().ToLowerInvariant()}: {formatter(state, exception)}{stack}");
        }
    }

    public void Dispose()
    {
    }
}
