using System.Collections.Concurrent;
using System.Diagnostics;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>One trace, which the test begins, and the hub's spans in it that have ended. Other tests have traces of their own.</summary>
internal sealed class Traced : IDisposable
{
    private const string Hub = "RealtimeHub";

    private readonly ConcurrentQueue<Activity> _spans = [];
    private readonly ActivityListener _listener;

    public Traced()
    {
        Root = new Activity("test") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Hub or "Microsoft.AspNetCore.SignalR.Client" or "Microsoft.AspNetCore.SignalR.Server",
            Sample = (ref ActivityCreationOptions<ActivityContext> asked) =>
                asked.TraceId == Root.TraceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = Take,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>What the test does meanwhile is in it.</summary>
    public Activity Root { get; }

    public IEnumerable<Activity> Spans => _spans;

    /// <summary>The only span of this name, once it has ended.</summary>
    public async Task<Activity> SpanAsync(string name)
    {
        await Eventually.HoldsAsync(() => Task.FromResult(_spans.Any(span => span.DisplayName == name)));
        return _spans.Single(span => span.DisplayName == name);
    }

    public void Dispose()
    {
        _listener.Dispose();
        Root.Dispose();
    }

    private void Take(Activity span)
    {
        if (span.Source.Name == Hub)
        {
            _spans.Enqueue(span);
        }
    }
}
