using Microsoft.Extensions.DependencyInjection.Extensions;
using RealtimeHub.Operations.Settings;
using RealtimeHub.Redis;

namespace RealtimeHub.Routing;

internal static class MessageRouterServiceCollectionExtensions
{
    public static IServiceCollection AddMessageRouter(this IServiceCollection services)
    {
        services.AddRedis();
        services.AddValidatedOptions<RoutingOptions, RoutingOptionsValidator>(RoutingOptions.Section);
        services.TryAddSingleton<LocalInbox>();
        services.TryAddSingleton<RedisProbe>();
        return services.AddByMode<IMessageRouter, RedisRouter, InMemoryRouter>();
    }
}
