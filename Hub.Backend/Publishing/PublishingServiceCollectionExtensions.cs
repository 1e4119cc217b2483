using Microsoft.Extensions.DependencyInjection.Extensions;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Publishing;

/// <summary>Lets a process publish.</summary>
public static class PublishingServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IPublisher"/> in a process that hosts no hub, a worker or a web app, with the hub's <c>Redis:Connection</c>. Without
    /// one the process does not start: nobody would hear it. The hub's own process has the publisher already.
    /// </summary>
    public static IServiceCollection AddRealtimeHubPublisher(this IServiceCollection services)
    {
        services.AddPublishing();
        services.AddOptions<RedisOptions>().Validate(
            options => options.IsConfigured, "Redis:Connection is empty. A publisher outside of the hub reaches it through Redis: set the same as the hub has.");
        return services;
    }

    internal static IServiceCollection AddPublishing(this IServiceCollection services)
    {
        services.AddMessageRouter();
        services.TryAddSingleton<Publisher>();
        services.TryAddSingleton<IPublisher>(provider => provider.GetRequiredService<Publisher>());
        return services;
    }
}
