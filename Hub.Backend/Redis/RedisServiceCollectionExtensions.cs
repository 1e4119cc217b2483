using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations;
using RealtimeHub.Operations.Settings;

namespace RealtimeHub.Redis;

internal static class RedisServiceCollectionExtensions
{
    public static IServiceCollection AddRedis(this IServiceCollection services)
    {
        services.AddLogSummary().AddValidatedOptions<RedisStoreOptions, RedisStoreOptionsValidator>(RedisStoreOptions.Section);
        services.TryAddSingleton<RedisKeys>();
        services.TryAddSingleton<ScriptMetrics>();
        services.TryAddSingleton<RedisConnection>();
        return services;
    }

    /// <summary>Registers the implementation that fits the mode. It is chosen at the first use, so configuration may come late.</summary>
    public static IServiceCollection AddByMode<TService, TRedis, TInMemory>(this IServiceCollection services)
        where TService : class
        where TRedis : class, TService
        where TInMemory : class, TService
    {
        services.TryAddSingleton<TService>(provider => provider.GetRequiredService<IOptions<RedisStoreOptions>>().Value.IsConfigured
            ? ActivatorUtilities.CreateInstance<TRedis>(provider)
            : ActivatorUtilities.CreateInstance<TInMemory>(provider));
        return services;
    }
}
