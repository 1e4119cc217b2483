using RealtimeHub.Authentication;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts hubs and endpoints behind the single-use token.</summary>
public static class SingleUseTokenEndpointConventionBuilderExtensions
{
    /// <summary>
    /// Lets in only clients that spend a token. At a hub one token opens one connection, on every transport, and each negotiated connection
    /// is bound to the user of its token. At any other endpoint each request spends a token of its own.
    /// </summary>
    /// <remarks>
    /// Required means required: no scheme that the hub's <c>[Authorize]</c>, a policy or the host's default names lets anybody in beside
    /// it, nor does
    /// <c>[AllowAnonymous]</c>, and no other identity joins the token's. What they demand (roles, policies, requirements) is asked of the
    /// token's user.
    /// <c>MapConnectionHandler</c> is not supported: the host does not start.
    /// </remarks>
    /// <returns>The same builder.</returns>
    public static TBuilder RequireSingleUseToken<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        // Last, when all other conventions of the endpoint have run.
        var mark = new SingleUseTokenMetadata();
        builder.Finally(endpoint => TokenRequirement.PutOn(endpoint, mark));
        return builder;
    }
}
