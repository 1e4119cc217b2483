using System.Collections.Concurrent;

namespace RealtimeHub.Operations.Redaction;

/// <summary>
/// Makes the loggers of the whole process, so that every provider gets only what <see cref="RedactingLogger"/> passes on. This is needed
/// for the framework's loggers too: ASP.NET Core's request log prints whole URLs.
/// </summary>
internal sealed class RedactingLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    private ILoggerFactory Inner => inner;

    // Cached, because ASP.NET Core asks for several loggers for each connection.
    private readonly ConcurrentDictionary<string, RedactingLogger> _loggers = new();

    /// <summary>
    /// Whether the framework's log of a failed start, with its stack, is left out, because a sentence tells it elsewhere.
    /// </summary>
    public bool LeavesOutFailedStarts { get; set; }

    public ILogger CreateLogger(string categoryName) =>
        _loggers.GetOrAdd(categoryName, static (name, self) => new(self, self.Inner.CreateLogger(name), name), this);

    /// <summary>
    /// Sums up ASP.NET Core's own warnings, if set. Otherwise Kestrel logs each event that a client causes, for example by breaking a
    /// protocol.
    /// </summary>
    public LogSummary? FrameworkSummary { get; set; }

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();
}
