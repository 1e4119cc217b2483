using System.Diagnostics;

namespace RealtimeHub.Routing;

/// <summary>A place in a trace, in the words of W3C's header <c>traceparent</c>.</summary>
/// <seealso href="https://www.w3.org/TR/trace-context/#traceparent-header"/>
internal static class TracePlace
{
    /// <summary>Where whoever calls this stands, if his trace is recorded.</summary>
    public static ActivityContext Current =>
        Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } around ? around.Context : default;

    /// <returns>Default for what is no place in a trace.</returns>
    public static ActivityContext Parse(string? text) =>
        ActivityContext.TryParse(text, traceState: null, isRemote: true, out var place) ? place : default;

    /// <returns>Null for no place.</returns>
    public static string? Write(ActivityContext place) =>
        place == default ? null : $"00-{place.TraceId}-{place.SpanId}-{(place.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")}";
}
