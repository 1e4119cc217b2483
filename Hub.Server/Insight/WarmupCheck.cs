using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RealtimeHub.Insight;

/// <summary>A node is ready when it is warm.</summary>
internal sealed class WarmupCheck(Warmup warmup) : IHealthCheck
{
    public const string Name = "warmup";

    /// <summary>The tag of a check whose results are in the log already.</summary>
    public const string LogsItself = "logs itself";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(warmup.Fault is { } fault ? HealthCheckResult.Unhealthy(fault) : HealthCheckResult.Healthy("The node is warm."));
}
