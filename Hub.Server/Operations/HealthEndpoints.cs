using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace RealtimeHub.Operations;

/// <summary>What a load balancer and a supervisor ask.</summary>
internal static class HealthEndpoints
{
    /// <summary>
    /// <c>/health/live</c>: the process answers; restart it if it does not. <c>/health/ready</c>: what it depends on answers as well;
    /// send it no clients while it does not.
    /// </summary>
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        endpoints.MapHealthChecks("/health/ready");
        return endpoints;
    }
}
