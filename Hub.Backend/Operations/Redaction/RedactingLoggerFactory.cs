using System.Collections.Concurrent;

namespace RealtimeHub.Operations.Redaction;

/// <summary>
/// Makes the loggers of the whole process, so that every provider gets what <see cref="RedactingLogger"/> lets through. ASP.NET Core's own
/// request log prints whole URLs.
/// </summary>
internal sealed class RedactingLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    private ILoggerFactory Inner => inner;

    // ASP.NET Core asks for several with each connection.
    private readonly ConcurrentDictionary<string, RedactingLogger> _loggers = new();

    /// <summary>Whether the framework may keep the stack of a failed start to itself, because it is told elsewhere in a sentence.</summary>
    public bool LeavesOutFailedStarts { get; set; }

    public ILogger CreateLogger(string categoryName) =>
        _loggers.GetOrAdd(categoryName, static (name, self) => new(self, self.Inner.CreateLogger(name), name), this);

    /// <summary>
    /// Sums up what ASP.NET Core itself warns of, if set. What others can cause in Kestrel, by breaking a protocol for example, it logs
    /// each time.
    /// </summary>
    public LogSummary? FrameworkSummary { get; set; }

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();
}
