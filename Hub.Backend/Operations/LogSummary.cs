using System.Collections.Concurrent;

namespace RealtimeHub.Operations;

/// <summary>
/// Tells of events that may happen any number of times: the first at once, and while they go on once a second how many there were.
/// </summary>
/// <remarks>
/// Whoever can cause an event could otherwise write the log, until nobody reads it or the disk is full. What an event costs, in memory and
/// in lines, does not grow with how often it happens. What is still untold when the process ends is told then.
/// </remarks>
/// <example><code>
/// summary.Report("TokenReplayed", fingerprint, (count, tokens) => Log.TokenReplayed(logger, count, tokens));
/// </code></example>
internal sealed class LogSummary(TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, SummarizedEvent> _events = new(StringComparer.Ordinal);

    /// <param name="name">What happened, one of a few names in the code: each is kept for as long as the process runs.</param>
    /// <param name="subject">Whom or what it happened to. A line names ten of them, each by its first three hundred characters.</param>
    /// <param name="write">Writes the line, from how often it happened since the last one, and to whom.</param>
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
