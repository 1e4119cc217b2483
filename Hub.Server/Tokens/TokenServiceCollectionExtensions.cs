using Microsoft.Extensions.DependencyInjection.Extensions;
using RealtimeHub.Operations;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Tokens;

/// <summary>Registers the token store: all that a web app needs which mints tokens and hosts no hub.</summary>
public static class TokenServiceCollectionExtensions
{
    /// <summary>Registers <see cref="IAccessTokenStore"/>, in Redis if <c>Redis:Connection</c> is configured and in memory otherwise.</summary>
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddMessageRouter();
        services.TryAddSingleton<TokenMint>();
        services.AddValidatedOptions<TokenOptions, TokenOptionsValidator>(TokenOptions.Section);
        return services.AddByMode<IAccessTokenStore, RedisAccessTokenStore, InMemoryAccessTokenStore>();
    }
}
