using Microsoft.Extensions.Diagnostics.HealthChecks;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;

namespace RealtimeHub.Insight;

/// <summary>A node is ready while its own messages come to its own client, and degraded while no answer comes from another.</summary>
internal sealed class CanaryCheck(NodeWays ways, NodeId self) : IHealthCheck
{
    public const string Name = "canary";

    private const int MostNamed = 3;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(ResultOf(ways.Silent));

    private HealthCheckResult ResultOf(IReadOnlyList<string> silent) =>
        silent.Contains(self.Value) ? HealthCheckResult.Unhealthy(
            "What this node publishes has not come to its own client for five seconds, so its users may receive nothing. Its log says why "
            + "(CanaryFailed, HeartbeatFailed). If Redis and the other nodes are well, restart it. Canary:Enabled=false does without this.")
        : silent.Count > 0 ? HealthCheckResult.Degraded(
            $"No answer has come for five seconds from {silent.Count} nodes ({string.Join(", ", silent.Take(MostNamed))}), so users there "
            + "may not receive what is published here. Look at their /health/ready and their logs.")
        : HealthCheckResult.Healthy("Messages come to the client of each node.");
}
