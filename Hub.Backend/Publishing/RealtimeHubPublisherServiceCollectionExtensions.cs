using RealtimeHub.Publishing;
using RealtimeHub.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets a process publish.</summary>
public static class RealtimeHubPublisherServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IPublisher"/> in a process that hosts no hub, such as a worker or a web app. Its <c>Redis:Connection</c> must
    /// be that of the hub. Without one the process does not start, because nobody would receive what it publishes. A process that hosts the
    /// hub has the publisher already.
    /// </summary>
    public static IServiceCollection AddRealtimeHubPublisher(this IServiceCollection services)
    {
        services.AddPublishing();
        services.AddOptions<RedisStoreOptions>().Validate(
            options => options.IsConfigured, "Redis:Connection is empty. A publisher outside of the hub reaches it through Redis: set the same as the hub has.");
        return services;
    }
}
