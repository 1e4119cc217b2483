using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>Keeps every line that is logged, with its named values, its scopes and its exception.</summary>
public sealed partial class Log : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>The lines that hold a token, a grant or something in a token's parameter.</summary>
    public IEnumerable<string> Leaks => LeaksIn(_lines);

    /// <summary>The lines of which an operator would be woken.</summary>
    public IEnumerable<string> Errors => _lines.Where(line => line.StartsWith(nameof(LogLevel.Error), StringComparison.Ordinal));

    /// <summary>The same of anybody's lines.</summary>
    public static IEnumerable<string> LeaksIn(IEnumerable<string> lines) => lines.Where(line => Secret().IsMatch(line));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    [GeneratedRegex("""ws(token|grant)[\w-]{32,}|wsreconnect[\w-]+\.[\w-]{32,}|(access|ws)_token=(?!\[redacted\])[^ &\]]|[?&]id=[\w-]{22}\b""")]
    private static partial Regex Secret();

    private sealed class Logger(Log log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs) : "";
            log._scopes.ForEachScope((scope, _) => values += $" {scope} {(scope is IEnumerable<KeyValuePair<string, object?>> named ? string.Join(' ', named) : "")}", 0);
            log._lines.Enqueue($"{logLevel} {category} {eventId.Name}: {formatter(state, exception)} {values} {exception}");
        }
    }
}
