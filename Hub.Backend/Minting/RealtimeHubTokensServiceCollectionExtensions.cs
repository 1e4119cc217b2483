using Microsoft.Extensions.DependencyInjection.Extensions;
using RealtimeHub.Minting;
using RealtimeHub.Routing;
using RealtimeHub.Tokens;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets a process mint tokens.</summary>
public static class RealtimeHubTokensServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IAccessTokenStore"/>, and what <c>MapHubToken()</c> and the tag helper <c>&lt;hub-token&gt;</c> stand on: all
    /// that a web app needs which mints tokens and hosts no hub. In Redis if <c>Redis:Connection</c> is configured, and in memory
    /// otherwise. A process that hosts the hub has it already.
    /// </summary>
    public static IServiceCollection AddRealtimeHubTokens(this IServiceCollection services)
    {
        services.AddTokenStore().AddMessageRouter();
        services.TryAddSingleton<TokenMint>();
        return services;
    }
}
