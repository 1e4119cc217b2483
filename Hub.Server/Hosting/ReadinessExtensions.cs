using RealtimeHub.Insight;
using RealtimeHub.Nodes;

namespace RealtimeHub.Hosting;

internal static class ReadinessExtensions
{
    /// <summary>A node is ready when Redis serves it and it has warmed up. Stands before <c>AddPushHub</c>.</summary>
    public static IServiceCollection AddReadiness(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis");
        return services.AddWarmup();
    }
}
