using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations.Settings;
using RealtimeHub.Redis;
using RealtimeHub.Routing.Events;
using RealtimeHub.Routing.Receipts;

namespace RealtimeHub.Routing;

internal static class MessageRouterServiceCollectionExtensions
{
    public static IServiceCollection AddMessageRouter(this IServiceCollection services)
    {
        services.AddEpochs();
        services.AddValidatedOptions<RoutingOptions, RoutingOptionsValidator>(RoutingOptions.Section);
        services.AddValidatedOptions<UserLimitOptions, UserLimitOptionsValidator>(UserLimitOptions.Section);
        services.TryAddSingleton<LocalInbox>();
        services.TryAddSingleton<RedisProbe>();
        services.TryAddSingleton<InMemorySecrets>();
        services.TryAddSingleton<InMemoryDirectory>();
        services.TryAddSingleton<IConnectionDirectory>(provider => IsOnRedis(provider)
            ? ActivatorUtilities.CreateInstance<RedisDirectory>(provider)
            : provider.GetRequiredService<InMemoryDirectory>());
        services.AddByMode<ILastingGroups, RedisLastingGroups, InMemoryLastingGroups>();
        services.AddByMode<IReceipts, RedisReceipts, InMemoryReceipts>();
        services.TryAddSingleton<RecordedEvents>();
        services.TryAddSingleton<EventRecorder>();
        services.AddByMode<IReconnects, RedisReconnects, InMemoryReconnects>();
        services.TryAddSingleton<Departures>();
        services.TryAddSingleton<ExpectedUsers>();
        services.TryAddSingleton<InMemoryPresence>();
        services.AddByMode<IEventQueue, RedisEventQueue, InMemoryEventQueue>();
        services.TryAddSingleton<IPresence>(provider => IsOnRedis(provider)
            ? ActivatorUtilities.CreateInstance<RedisPresence>(provider)
            : provider.GetRequiredService<InMemoryPresence>());
        return services.AddByMode<IMessageRouter, RedisRouter, InMemoryRouter>();
    }

    /// <summary>What a process needs that only mints.</summary>
    public static IServiceCollection AddEpochs(this IServiceCollection services)
    {
        services.AddRedis();
        services.TryAddSingleton<InMemoryEpochs>();
        services.TryAddSingleton<IEpochs>(provider => IsOnRedis(provider)
            ? ActivatorUtilities.CreateInstance<RedisEpochs>(provider)
            : provider.GetRequiredService<InMemoryEpochs>());
        return services;
    }

    private static bool IsOnRedis(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<RedisStoreOptions>>().Value.IsConfigured;
}
