using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>Single-use tokens for any hub of any host.</summary>
/// <example><code>
/// builder.Services.AddAuthentication().AddSingleUseToken();
/// app.MapHub&lt;ChatHub&gt;("/chat").RequireSingleUseToken();
/// </code></example>
public static class SingleUseTokenExtensions
{
    /// <summary>Adds the scheme <see cref="SingleUseTokenDefaults.AuthenticationScheme"/>, the token store and redaction of the logs.</summary>
    public static AuthenticationBuilder AddSingleUseToken(this AuthenticationBuilder builder) => builder.AddSingleUseToken(_ => { });

    /// <inheritdoc cref="AddSingleUseToken(AuthenticationBuilder)" />
    public static AuthenticationBuilder AddSingleUseToken(this AuthenticationBuilder builder, Action<SingleUseTokenOptions> configure)
    {
        var services = builder.Services;
        services.AddLogRedaction().AddTokens();
        services.AddValidatedOptions<OriginOptions, OriginOptionsValidator>(OriginOptions.Section);
        services.AddOptions<SingleUseTokenOptions>(SingleUseTokenDefaults.AuthenticationScheme)
            .Configure<IOptions<TokenOptions>>((scheme, tokens) => scheme.AcceptSeedFormat = tokens.Value.AcceptSeedFormat);
        services.AddHostedService<SeedFormatWarning>();
        services.AddAuthorization();
        services.TryAddSingleton<OriginPolicy>();
        services.TryAddSingleton<NegotiationTable>();
        services.TryAddSingleton<TokenMetrics>();
        services.TryAddSingleton<ConnectionGate>();
        services.TryAddSingleton<OpenOnceFilter>();
        services.Configure<HubOptions>(options => options.AddFilter<OpenOnceFilter>());
        return builder.AddScheme<SingleUseTokenOptions, SingleUseTokenHandler>(SingleUseTokenDefaults.AuthenticationScheme, configure);
    }

    /// <summary>Lets only clients in that spend a token, and binds each negotiated connection to the user of its token.</summary>
    public static HubEndpointConventionBuilder RequireSingleUseToken(this HubEndpointConventionBuilder hub)
    {
        var mark = new SingleUseTokenMetadata();
        hub.Add(endpoint =>
        {
            var inner = endpoint.RequestDelegate!;
            var isNegotiate = endpoint.Metadata.OfType<NegotiateMetadata>().Any();
            endpoint.RequestDelegate = isNegotiate ? NegotiateEndpoint.Around(inner) : ConnectionEndpoint.Around(inner);
            endpoint.Metadata.Add(mark);
        });
        return hub.RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = SingleUseTokenDefaults.AuthenticationScheme });
    }
}
