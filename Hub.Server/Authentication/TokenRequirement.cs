using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;

namespace RealtimeHub.Authentication;

/// <summary>Lets a request through to a hub's endpoint only if its token let it in, whatever the host's middleware and policies have made of it before.</summary>
internal static class TokenRequirement
{
    private const string Scheme = SingleUseTokenDefaults.AuthenticationScheme;

    /// <summary>All that ASP.NET Core's authorization is left to ask of these endpoints.</summary>
    public static readonly AuthorizationPolicy Policy = new AuthorizationPolicyBuilder(Scheme).RequireAuthenticatedUser().Build();

    public static RequestDelegate Around(RequestDelegate hub, HostRequirements demands) => async context =>
    {
        // Authenticated already, by authorization: the same answer, nothing is spent again.
        var token = await context.AuthenticateAsync(Scheme);
        if (!token.Succeeded)
        {
            await context.ChallengeAsync(Scheme);
            return;
        }

        context.User = token.Principal;

        // Setting the user clears the result, and with it the time at which SignalR ends the connection.
        context.Features.GetRequiredFeature<IAuthenticateResultFeature>().AuthenticateResult = token;
        if (!await demands.AreMetAsync(context))
        {
            await context.ForbidAsync(Scheme);
            return;
        }

        await hub(context);
    };
}
