using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Nodes;

internal static class NodeServiceCollectionExtensions
{
    /// <summary>Makes this process a node: it receives, and shows the others that it lives.</summary>
    public static IServiceCollection AddNode(this IServiceCollection services)
    {
        services.AddMessageRouter();
        services.TryAddSingleton(_ => NodeId.Create());
        services.TryAddSingleton<RedisSweeper>();
        services.TryAddSingleton<NodeSubscription>();
        services.TryAddSingleton<NodeHeartbeat>();
        services.TryAddSingleton<NodeRequests>();
        services.TryAddSingleton<AnswerListener>();
        services.TryAddSingleton<NodeWays>();
        services.TryAddSingleton<INodeChannel>(provider => provider.GetRequiredService<IOptions<RedisStoreOptions>>().Value.IsConfigured
            ? provider.GetRequiredService<NodeHeartbeat>()
            : ActivatorUtilities.CreateInstance<InMemoryNodeChannel>(provider));
        return services;
    }
}
