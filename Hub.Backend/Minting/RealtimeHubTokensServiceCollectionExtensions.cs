using Microsoft.Extensions.DependencyInjection.Extensions;
using RealtimeHub.Minting;
using RealtimeHub.Routing;
using RealtimeHub.Tokens;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets a process mint tokens.</summary>
public static class RealtimeHubTokensServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IAccessTokenStore"/> and what <c>MapHubToken()</c> and the tag helper <c>&lt;hub-token&gt;</c> need: everything
    /// for a web app that mints tokens but hosts no hub. Tokens are kept in Redis if <c>Redis:Connection</c> is configured, and otherwise
    /// in memory. A process that hosts the hub has all this already.
    /// </summary>
    public static IServiceCollection AddRealtimeHubTokens(this IServiceCollection services)
    {
        services.AddTokenStore().AddMessageRouter();
        services.TryAddSingleton<TokenMint>();
        return services;
    }
}
