using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RealtimeHub.Authentication;
using RealtimeHub.Authentication.Binding;
using RealtimeHub.Authentication.Limits;
using RealtimeHub.Operations.Redaction;
using RealtimeHub.Operations.Settings;
using RealtimeHub.Tokens;
using RealtimeHub.Transport;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Single-use tokens for the hubs and endpoints of any host.</summary>
/// <example><code>
/// builder.Services.AddAuthentication().AddSingleUseToken();
/// app.MapHub&lt;ChatHub&gt;("/chat").RequireSingleUseToken();
/// </code></example>
public static class SingleUseTokenAuthenticationBuilderExtensions
{
    /// <summary>
    /// Adds the scheme <see cref="SingleUseTokenDefaults.AuthenticationScheme"/>, the token store and redaction of the logs.
    /// </summary>
    public static AuthenticationBuilder AddSingleUseToken(this AuthenticationBuilder builder) => builder.AddSingleUseToken(_ => { });

    /// <inheritdoc cref="AddSingleUseToken(AuthenticationBuilder)" />
    /// <remarks>
    /// It may be called more than once, also next to <c>AddPushHub</c>, which calls it too. Each call adds to the settings.
    /// </remarks>
    public static AuthenticationBuilder AddSingleUseToken(this AuthenticationBuilder builder, Action<SingleUseTokenOptions> configure)
    {
        if (builder.Services.All(service => service.ServiceType != typeof(ConnectionGate)))
        {
            builder.AddScheme();
        }

        builder.Services.Configure(SingleUseTokenDefaults.AuthenticationScheme, configure);
        return builder;
    }

    private static void AddSocketTransport(this IServiceCollection services)
    {
        services.AddValidatedOptions<TransportOptions>(TransportOptions.Section);
        services.AddMetrics();
        services.TryAddSingleton<TransportMetrics>();
        services.TryAddSingleton<SocketConnections>();
        services.AddHostedService(provider => provider.GetRequiredService<SocketConnections>());
    }

    private static void AddScheme(this AuthenticationBuilder builder)
    {
        var services = builder.Services;
        services.AddLogRedaction().AddRealtimeHubTokens();
        services.AddValidatedOptions<OriginOptions, OriginOptionsValidator>(OriginOptions.Section);
        services.AddValidatedOptions<LimitOptions, LimitOptionsValidator>(LimitOptions.Section);
        services.AddOptions<SingleUseTokenOptions>(SingleUseTokenDefaults.AuthenticationScheme)
            .Configure<IOptions<TokenOptions>>((scheme, tokens) => scheme.AcceptSeedFormat = tokens.Value.AcceptSeedFormat);
        services.AddHostedService<SeedFormatWarning>();
        services.AddSocketTransport();
        services.AddAuthorization();
        services.TryAddSingleton<OriginPolicy>();
        services.TryAddSingleton<NegotiationTable>();
        services.TryAddSingleton<ConnectionPlaces>();
        services.TryAddSingleton<AttemptRate>();
        services.TryAddSingleton<DrainState>();
        services.TryAddSingleton<TokenMetrics>();
        services.TryAddSingleton<CanaryUsers>();
        services.TryAddSingleton<TokenSpender>();
        services.TryAddSingleton<ConnectionGate>();
        services.TryAddSingleton<OpenOnceFilter>();
        services.Configure<HubOptions>(options => options.AddFilter<OpenOnceFilter>());
        builder.AddScheme<SingleUseTokenOptions, SingleUseTokenHandler>(SingleUseTokenDefaults.AuthenticationScheme, _ => { });
    }
}
