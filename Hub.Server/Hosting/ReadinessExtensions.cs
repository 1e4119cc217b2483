using RealtimeHub.Connections;
using RealtimeHub.Insight;
using RealtimeHub.Nodes;

namespace RealtimeHub.Hosting;

internal static class ReadinessExtensions
{
    /// <summary>
    /// A node is ready when Redis serves it, it has warmed up, its canary is answered, and it is not drained. Stands before
    /// <c>AddPushHub</c>.
    /// </summary>
    public static IServiceCollection AddReadiness(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis").AddCheck<DrainCheck>("drain");
        return services.AddWarmup().AddCanary();
    }
}
