using Microsoft.Extensions.Diagnostics.HealthChecks;
using RealtimeHub.Authentication;

namespace RealtimeHub.Connections;

/// <summary>A node that is drained is not ready: load balancers send it nobody.</summary>
internal sealed class DrainCheck(DrainState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(state.IsDraining
            ? HealthCheckResult.Unhealthy("The node is being drained and takes no new connections. Start it again when it shall.")
            : HealthCheckResult.Healthy("Takes new connections."));
}
