using System.Collections.Concurrent;

namespace RealtimeHub.Operations;

/// <summary>Makes loggers that write no secret, whoever uses them. ASP.NET Core's own request log prints whole URLs.</summary>
internal sealed class RedactingLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    // ASP.NET Core asks for several with each connection.
    private readonly ConcurrentDictionary<string, RedactingLogger> _loggers = new();

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, static (name, from) => new(from.CreateLogger(name)), inner);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();
}
