using Microsoft.Extensions.Diagnostics.HealthChecks;
using RealtimeHub.Insight;

namespace RealtimeHub.Hosting;

/// <summary>Logs when the result of a health check changes. The framework logs the result at each probe, with a stack trace.</summary>
internal sealed partial class HealthLog(ILogger<HealthLog> logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HealthStatus> _last = new(StringComparer.Ordinal);

    /// <returns>The same report.</returns>
    public HealthReport Noted(HealthReport report)
    {
        foreach (var (name, entry) in report.Entries.Where(IsNews))
        {
            var level = LevelOf(entry.Status);
            var description = entry.Description ?? "an exception";
            Log.HealthChanged(logger, level, name, entry.Status, description);
        }

        return report;
    }

    private bool IsNews(KeyValuePair<string, HealthReportEntry> check) =>
        !check.Value.Tags.Contains(WarmupCheck.LogsItself) && HasChanged(check.Key, check.Value.Status);

    private bool HasChanged(string check, HealthStatus status)
    {
        lock (_lock)
        {
            var before = _last.GetValueOrDefault(check, HealthStatus.Healthy);
            _last[check] = status;
            return before != status;
        }
    }

    private static LogLevel LevelOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => LogLevel.Information,
        HealthStatus.Degraded => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "HealthChanged", Message = "The health check {Check} is {Status} now: {Description}")]
        public static partial void HealthChanged(ILogger logger, LogLevel level, string check, HealthStatus status, string description);
    }
}
