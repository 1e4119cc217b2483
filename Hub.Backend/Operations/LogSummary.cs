using System.Collections.Concurrent;

namespace RealtimeHub.Operations;

/// <summary>
/// Logs events that may happen very often: the first at once, and then, while they go on, their number once a second.
/// </summary>
/// <remarks>
/// Otherwise a client that can cause an event could flood the log until the disk is full. The cost of an event, in memory and in lines,
/// does not grow with how often it happens. What is not logged yet when the process ends is logged then.
/// </remarks>
/// <example><code>
/// summary.Report("TokenReplayed", fingerprint, (count, tokens) => Log.TokenReplayed(logger, count, tokens));
/// </code></example>
internal sealed class LogSummary(TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, SummarizedEvent> _events = new(StringComparer.Ordinal);

    /// <param name="name">What happened: one of a few constants in the code, since each is kept as long as the process runs.</param>
    /// <param name="subject">Whom or what it happened to. A line names at most ten, each by its first 300 characters.</param>
    /// <param name="write">Writes the line. It is given how often the event has happened since the last line, and to whom.</param>
    public void Report(string name, string subject, Action<long, string> write) =>
        _events.GetOrAdd(name, static (_, time) => new SummarizedEvent(time), time).Add(subject, write);

    public void Dispose()
    {
        foreach (var each in _events.Values)
        {
            each.Dispose();
        }
    }
}
