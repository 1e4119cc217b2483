using Microsoft.Extensions.DependencyInjection.Extensions;
using RealtimeHub.Routing;

namespace RealtimeHub.Publishing;

internal static class PublishingServiceCollectionExtensions
{
    public static IServiceCollection AddPublishing(this IServiceCollection services)
    {
        services.AddMessageRouter();
        services.TryAddSingleton<PublishMetrics>();
        services.TryAddSingleton<Publisher>();
        services.TryAddSingleton<IPublisher>(provider => provider.GetRequiredService<Publisher>());
        return services;
    }
}
