using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace RealtimeHub.Authentication;

/// <summary>
/// What a host requires of a hub's users besides a token: the roles, policies and requirements on the hub or its mapping.
/// </summary>
/// <remarks>
/// ASP.NET Core would let in the users of every scheme that the hub, a policy or the host's default names, and would merge their
/// identities. Here the token alone says who the user is. So these requirements are taken off the endpoint, and checked against the
/// token's principal only.
/// </remarks>
internal sealed class HostRequirements
{
    /// <summary>Nothing but a token.</summary>
    public static readonly HostRequirements None = new([], [], []);

    private readonly IAuthorizeData[] _data;
    private readonly AuthorizationPolicy[] _policies;
    private readonly IAuthorizationRequirementData[] _requirements;

    private HostRequirements(IAuthorizeData[] data, AuthorizationPolicy[] policies, IAuthorizationRequirementData[] requirements) =>
        (_data, _policies, _requirements) = (data, policies, requirements);

    private bool IsNone => _data.Length == 0 && _policies.Length == 0 && _requirements.Length == 0;

    /// <summary>
    /// Takes the requirements off an endpoint. As everywhere, <c>[AllowAnonymous]</c> cancels them; it does not cancel the token.
    /// </summary>
    public static HostRequirements TakeFrom(IList<object> metadata)
    {
        var isLifted = metadata.OfType<IAllowAnonymous>().Any();
        var demands = new HostRequirements(
            [.. metadata.OfType<IAuthorizeData>()], [.. metadata.OfType<AuthorizationPolicy>()],
            [.. metadata.OfType<IAuthorizationRequirementData>()]);
        foreach (var item in metadata.Where(
            item => item is IAuthorizeData or AuthorizationPolicy or IAuthorizationRequirementData or IAllowAnonymous).ToList())
        {
            metadata.Remove(item);
        }

        return isLifted ? None : demands;
    }

    /// <param name="context">The request.</param>
    /// <param name="user">Whom the token has let in.</param>
    public async Task<bool> AreMetAsync(HttpContext context, ClaimsPrincipal user)
    {
        if (IsNone)
        {
            return true;
        }

        var policy = await CombineAsync(context.RequestServices.GetRequiredService<IAuthorizationPolicyProvider>());
        var answer =
            await context.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(user, context, policy);
        return answer.Succeeded;
    }

    private async Task<AuthorizationPolicy> CombineAsync(IAuthorizationPolicyProvider provider)
    {
        var policy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(
            [.. _requirements.SelectMany(requirement => requirement.GetRequirements())]);
        return _data.Length == 0 && _policies.Length == 0
            ? policy.Build()
            : policy.Combine((await AuthorizationPolicy.CombineAsync(provider, _data, _policies))!).Build();
    }
}
