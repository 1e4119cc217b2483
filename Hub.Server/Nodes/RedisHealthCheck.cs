using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Nodes;

/// <summary>Ready means that a token could be spent, a connection attached, a message published and delivered.</summary>
/// <remarks>
/// It asks one primary, not every endpoint ever seen: after a failover the dead old one is no reason to take a node out.
/// Whether this node would hear what is delivered, its last heartbeat has found out.
/// </remarks>
internal sealed class RedisHealthCheck(IServiceProvider services, IOptions<RedisStoreOptions> options) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!options.Value.IsConfigured)
        {
            return HealthCheckResult.Healthy("In memory.");
        }

        var fault = await FaultAsync(cancellationToken) ?? services.GetRequiredService<NodeHeartbeat>().Fault;
        return fault is null ? HealthCheckResult.Healthy("Redis answers.") : HealthCheckResult.Unhealthy(fault.Summary);
    }

    private async Task<RedisFault?> FaultAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await services.GetRequiredService<RedisProbe>().TryAsync().WaitAsync(Timeout, cancellationToken);
        }
        catch (TimeoutException silence)
        {
            return RedisFault.Of(silence);
        }
    }
}
