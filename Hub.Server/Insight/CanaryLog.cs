using RealtimeHub.Operations;

namespace RealtimeHub.Insight;

/// <summary>Says why the canary cannot do what it is there for: once, until it can or there is another reason.</summary>
internal sealed partial class CanaryLog(LogSummary summary, ILogger<CanaryLog> logger)
{
    private volatile string? _reason;

    /// <param name="failure">What has happened.</param>
    /// <param name="leaving">Cancelled once the canary leaves: what ends then ends as it was to be.</param>
    public void Report(Exception failure, CancellationToken leaving = default)
    {
        var reason = CanaryFault.ReasonOf(failure);
        if (leaving.IsCancellationRequested || reason == _reason)
        {
            return;
        }

        _reason = reason;
        summary.Report(nameof(Log.CanaryFailed), reason, (count, reasons) => Log.CanaryFailed(logger, count, reasons));
    }

    /// <summary>It can again.</summary>
    public void Recover() => _reason = null;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The node's own client is not served ({Count}): {Reasons} It is tried again every second.", EventName = "CanaryFailed")]
        public static partial void CanaryFailed(ILogger logger, long count, string reasons);
    }
}
