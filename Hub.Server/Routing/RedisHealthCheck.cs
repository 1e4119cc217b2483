using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RealtimeHub.Redis;

namespace RealtimeHub.Routing;

/// <summary>Ready means that a token could be spent, a connection attached, a message published and delivered.</summary>
/// <remarks>
/// It asks one primary, not every endpoint ever seen: after a failover the dead old one is no reason to take a node out.
/// Whether this node would hear what is delivered, its last beat has found out.
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

        var trouble = await TroubleAsync(cancellationToken) ?? services.GetRequiredService<RedisLink>().Trouble;
        return trouble is null ? HealthCheckResult.Healthy("Redis answers.") : HealthCheckResult.Unhealthy(trouble.Summary);
    }

    private async Task<RedisTrouble?> TroubleAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await services.GetRequiredService<RedisProbe>().TryAsync().WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException silence)
        {
            return RedisTrouble.Of(silence);
        }
    }
}
