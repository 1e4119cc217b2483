using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Authentication.Binding;

namespace RealtimeHub.Authentication;

/// <summary>
/// Lets a request through to an endpoint only if its token let it in, whatever the host's middleware and policies decided before.
/// </summary>
internal static class TokenRequirement
{
    private const string Scheme = SingleUseTokenDefaults.AuthenticationScheme;

    /// <summary>The only policy that ASP.NET Core's authorization checks at these endpoints.</summary>
    private static readonly AuthorizationPolicy Policy = new AuthorizationPolicyBuilder(Scheme).RequireAuthenticatedUser().Build();

    /// <summary>Puts the requirement around an endpoint that does not have it yet.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="mark">The mapping that it belongs to.</param>
    /// <param name="opening">What opens a hub's WebSocket that nobody has negotiated, given what SignalR would do.</param>
    /// <exception cref="NotSupportedException">The endpoint is one of <c>MapConnectionHandler</c>.</exception>
    public static void PutOn(
        EndpointBuilder endpoint, SingleUseTokenMetadata mark,
        Func<EndpointBuilder, SingleUseTokenMetadata, RequestDelegate, RequestDelegate> opening)
    {
        if (endpoint.Metadata.OfType<SingleUseTokenMetadata>().Any())
        {
            return;
        }

        mark.Options ??= endpoint.Metadata.OfType<HttpConnectionDispatcherOptions>().FirstOrDefault();
        var bound = Bound(endpoint, connect => opening(endpoint, mark, connect));
        var demands = HostRequirements.TakeFrom(endpoint.Metadata);
        endpoint.RequestDelegate = Around(bound, demands);
        Note(mark, endpoint, demands);
        endpoint.Metadata.Add(mark);

        // The policy keeps the host's default policy from being added; the attribute makes routing complain when a host has forgotten
        // UseAuthorization().
        endpoint.Metadata.Add(Policy);
        endpoint.Metadata.Add(new AuthorizeAttribute { AuthenticationSchemes = Scheme });
    }

    private static void Note(SingleUseTokenMetadata mark, EndpointBuilder endpoint, HostRequirements demands)
    {
        if (endpoint.Metadata.OfType<RefreshMetadata>().Any())
        {
            mark.CanRefresh = true;
        }
        else
        {
            mark.Demands = demands;
        }
    }

    /// <summary>The endpoint itself; for a hub, wrapped so that each negotiated connection is bound to its user.</summary>
    private static RequestDelegate Bound(EndpointBuilder endpoint, Func<RequestDelegate, RequestDelegate> opening)
    {
        var inner = endpoint.RequestDelegate ?? throw new InvalidOperationException($"{endpoint.DisplayName} does nothing with a request, so no token can be required for it.");
        var (isHub, isNegotiate) = (endpoint.Metadata.OfType<HubMetadata>().Any(), endpoint.Metadata.OfType<NegotiateMetadata>().Any());
        return (isHub, isNegotiate) switch
        {
            (true, true) => NegotiateEndpoint.Around(inner),
            (true, false) => ConnectionEndpoint.Around(inner, opening(inner)),
            (false, true) => throw new NotSupportedException(
                $"{endpoint.DisplayName}: RequireSingleUseToken() takes hubs and endpoints, and no MapConnectionHandler(). Map a hub, or an endpoint that accepts the WebSocket itself."),
            (false, false) => inner,
        };
    }

    /// <remarks>A connection may stay for days. Where nothing had to be waited for, no frame of ours waits for its end.</remarks>
    private static RequestDelegate Around(RequestDelegate endpoint, HostRequirements demands) => context =>
    {
        var admission = AdmitAsync(context, demands);
#pragma warning disable RS0030 // It is complete, and read once.
        return !admission.IsCompletedSuccessfully ? RunAsync(endpoint, context, admission)
            : admission.Result ? endpoint(context)
            : Task.CompletedTask;
#pragma warning restore RS0030
    };

    private static async Task RunAsync(RequestDelegate endpoint, HttpContext context, ValueTask<bool> admission)
    {
        if (await admission)
        {
            await endpoint(context);
        }
    }

    private static async ValueTask<bool> AdmitAsync(HttpContext context, HostRequirements demands)
    {
        // Authorization has authenticated the request already: the result is the same, and nothing is spent again.
        var token = await context.AuthenticateAsync(Scheme);
        if (!token.Succeeded)
        {
            await context.ChallengeAsync(Scheme);
            return false;
        }

        context.User = token.Principal;

        // Setting the user clears the result, and with it the time at which SignalR ends the connection.
        context.Features.GetRequiredFeature<IAuthenticateResultFeature>().AuthenticateResult = token;
        if (!await demands.AreMetAsync(context, context.User))
        {
            await context.ForbidAsync(Scheme);
            return false;
        }

        return true;
    }
}
