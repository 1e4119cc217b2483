using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>Ready means that a Redis primary answers, because that is what spending a token needs.</summary>
/// <remarks>
/// It asks one primary, not every endpoint ever seen: after a Sentinel failover the dead old one is no reason to take a node out,
/// and on a Cluster no admin command is needed.
/// </remarks>
internal sealed class RedisHealthCheck(IServiceProvider services, IOptions<RedisOptions> options) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!options.Value.IsConfigured)
        {
            return HealthCheckResult.Healthy("In memory.");
        }

        try
        {
            var redis = services.GetRequiredService<RedisConnection>();
            await redis.Database.PingAsync(CommandFlags.DemandMaster).WaitAsync(Patience, cancellationToken);
            return HealthCheckResult.Healthy("Redis answers.");
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("Redis does not answer.", exception);
        }
    }
}
