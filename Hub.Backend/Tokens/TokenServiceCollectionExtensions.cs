using Microsoft.Extensions.DependencyInjection.Extensions;
using RealtimeHub.Operations.Settings;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Tokens;

internal static class TokenServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IAccessTokenStore"/>, in Redis if <c>Redis:Connection</c> is configured and in memory otherwise.
    /// </summary>
    public static IServiceCollection AddTokenStore(this IServiceCollection services)
    {
        services.AddEpochs();
        services.AddValidatedOptions<TokenOptions, TokenOptionsValidator>(TokenOptions.Section);
        services.AddByMode<ISpendingTokenStore, RedisAccessTokenStore, InMemoryAccessTokenStore>();
        services.TryAddSingleton<IAccessTokenStore>(provider => provider.GetRequiredService<ISpendingTokenStore>());
        return services;
    }
}
