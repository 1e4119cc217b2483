using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RealtimeHub.Authentication.Binding;
using RealtimeHub.Operations.Redaction;
using RealtimeHub.Operations.Settings;
using RealtimeHub.Minting;
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
    /// <remarks>A further call, also beside <c>AddPushHub</c>, which calls it, adds to the settings.</remarks>
    public static AuthenticationBuilder AddSingleUseToken(this AuthenticationBuilder builder, Action<SingleUseTokenOptions> configure)
    {
        if (builder.Services.All(service => service.ServiceType != typeof(ConnectionGate)))
        {
            builder.AddScheme();
        }

        builder.Services.Configure(SingleUseTokenDefaults.AuthenticationScheme, configure);
        return builder;
    }

    private static void AddScheme(this AuthenticationBuilder builder)
    {
        var services = builder.Services;
        services.AddLogRedaction().AddRealtimeHubTokens();
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
        builder.AddScheme<SingleUseTokenOptions, SingleUseTokenHandler>(SingleUseTokenDefaults.AuthenticationScheme, _ => { });
    }

    /// <summary>Lets in only clients that spend a token, and binds each negotiated connection to its token's user.</summary>
    /// <remarks>
    /// Required means required: no scheme that the hub's <c>[Authorize]</c>, a policy or the host's default names lets anybody in beside it, nor does
    /// <c>[AllowAnonymous]</c>, and no other identity joins the token's. What they demand (roles, policies, requirements) is asked of the token's user.
    /// </remarks>
    public static HubEndpointConventionBuilder RequireSingleUseToken(this HubEndpointConventionBuilder hub)
    {
        // Last, when all other conventions of the endpoint have run.
        var mark = new SingleUseTokenMetadata();
        hub.Finally(endpoint => Require(endpoint, mark));
        return hub;
    }

    private static void Require(EndpointBuilder endpoint, SingleUseTokenMetadata mark)
    {
        if (endpoint.Metadata.OfType<SingleUseTokenMetadata>().Any())
        {
            return;
        }

        var hub = endpoint.RequestDelegate!;
        var isNegotiate = endpoint.Metadata.OfType<NegotiateMetadata>().Any();
        var bound = isNegotiate ? NegotiateEndpoint.Around(hub) : ConnectionEndpoint.Around(hub);
        endpoint.RequestDelegate = TokenRequirement.Around(bound, HostRequirements.TakeFrom(endpoint.Metadata));
        endpoint.Metadata.Add(mark);

        // The policy keeps the host's default policy from being added; the attribute makes routing complain when a host has forgotten UseAuthorization().
        endpoint.Metadata.Add(TokenRequirement.Policy);
        endpoint.Metadata.Add(new AuthorizeAttribute { AuthenticationSchemes = SingleUseTokenDefaults.AuthenticationScheme });
    }
}
