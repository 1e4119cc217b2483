using System.Diagnostics;

namespace RealtimeHub.Routing;

/// <summary>
/// A place in a trace that is recorded, in the words of W3C's header <c>traceparent</c>. Any other counts as none: nobody would find it.
/// </summary>
/// <seealso href="https://www.w3.org/TR/trace-context/#traceparent-header"/>
internal static class TracePlace
{
    /// <summary>Where whoever calls this stands, if his trace is recorded.</summary>
    public static ActivityContext Current =>
        Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } around ? around.Context : default;

    /// <returns>Default for what is none.</returns>
    public static ActivityContext Parse(string? text) =>
        ActivityContext.TryParse(text, traceState: null, isRemote: true, out var place) && IsRecorded(place) ? place : default;

    /// <returns>Null for none.</returns>
    public static string? Write(ActivityContext place) => IsRecorded(place) ? $"00-{place.TraceId}-{place.SpanId}-01" : null;

    private static bool IsRecorded(ActivityContext place) => place.TraceFlags.HasFlag(ActivityTraceFlags.Recorded);
}
