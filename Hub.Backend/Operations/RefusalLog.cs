using System.Diagnostics.Metrics;

namespace RealtimeHub.Operations;

/// <summary>
/// Counts refusals by code, in <c>realtimehub.refusals</c>, and logs them summed up, with the origins of the pages.
/// </summary>
internal sealed partial class RefusalLog(IMeterFactory meters, LogSummary summary, ILogger<RefusalLog> logger)
{
    private readonly Counter<long> _refusals = meters.CreateHubMeter().CreateCounter<long>(
        "realtimehub.refusals", "{refusal}", "Requests that were turned away, by the code that they were told.");

    public void Add(Refusal refusal, HttpRequest request)
    {
        _refusals.Add(1, new KeyValuePair<string, object?>("code", refusal.Code));
        var level = LevelOf(refusal);
        summary.Report(
            refusal.Code, OriginOf(request), (count, origins) => Log.Refused(logger, level, count, refusal.Status, refusal.Code, origins));
    }

    private static string OriginOf(HttpRequest request) => request.Headers.Origin.ToString() is { Length: > 0 } origin ? origin : "no page";

    /// <summary>
    /// An expired token is normal. A page that may not connect, a request for another user's connection, and a Redis that is away concern
    /// the operator.
    /// </summary>
    private static LogLevel LevelOf(Refusal refusal) =>
        refusal.Status is StatusCodes.Status403Forbidden or >= StatusCodes.Status500InternalServerError
            ? LogLevel.Warning
            : LogLevel.Information;

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "Refused", Message = "Requests were refused ({Count}): {Status} {Code}, from {Origins}.")]
        public static partial void Refused(ILogger logger, LogLevel level, long count, int status, string code, string origins);
    }
}
