namespace RealtimeHub.Operations.Redaction;

/// <summary>
/// Passes log entries on without secrets and on one line. To those of the hub it adds the name of their event, which the console does not
/// show by itself.
/// </summary>
internal sealed class RedactingLogger(RedactingLoggerFactory factory, ILogger inner, string category) : ILogger
{
    private const int HostedServiceStartupFaulted = 11;

    private readonly bool _isOurs = category.StartsWith("RealtimeHub.", StringComparison.Ordinal);
    private readonly bool _isFramework = category.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(new SafeScope(state));

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!inner.IsEnabled(logLevel) || (factory.LeavesOutFailedStarts && IsFailedStart(logLevel, eventId)))
        {
            return;
        }

        var values = new LogValues(state, formatter(state, exception));
        var told = _isOurs && eventId.Name is { } name ? values.Named(name) : values;
        var safe = RedactedException.Of(exception);
        if (factory.FrameworkSummary is { } summary && _isFramework && logLevel >= LogLevel.Warning)
        {
            summary.Report($"{category}[{eventId.Id}]", "", (count, _) => Write(logLevel, eventId, told.Counted(count), safe));
        }
        else
        {
            Write(logLevel, eventId, told, safe);
        }
    }

    private void Write(LogLevel logLevel, EventId eventId, LogValues values, Exception? exception) =>
        inner.Log(logLevel, eventId, values, exception, static (entry, _) => entry.ToString());

    private bool IsFailedStart(LogLevel level, EventId eventId) => (category, level, eventId.Id) is
        ("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical, 0) or ("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Error, HostedServiceStartupFaulted);
}
