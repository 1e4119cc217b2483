using RealtimeHub.Authentication;
using RealtimeHub.Transport;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts hubs and endpoints behind the single-use token.</summary>
public static class SingleUseTokenEndpointConventionBuilderExtensions
{
    /// <summary>
    /// Lets in only clients that spend a token. At a hub one token opens one connection, on every transport, and each negotiated connection
    /// is bound to the user of its token. At any other endpoint each request spends a token of its own.
    /// </summary>
    /// <remarks>
    /// There is no other way in: not by a scheme that <c>[Authorize]</c>, a policy or the host's default names, and not by
    /// <c>[AllowAnonymous]</c>. No other identity is added to the token's. Roles, policies and requirements still hold, for the token's
    /// user. <c>MapConnectionHandler</c> is not supported: the host does not start.
    /// A hub's WebSocket without negotiation goes over a transport of ours instead of SignalR's, with the settings of <c>MapHub</c>;
    /// <c>Transport:Enabled</c> turns that off.
    /// </remarks>
    /// <returns>The same builder.</returns>
    public static TBuilder RequireSingleUseToken<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireSingleUseToken(new TokenMarks());

    /// <summary>The same for endpoints of one hub that are mapped one by one: they have their marks in common.</summary>
    internal static TBuilder RequireSingleUseToken<TBuilder>(this TBuilder builder, TokenMarks marks)
        where TBuilder : IEndpointConventionBuilder
    {
        // Runs last, after all other conventions of the endpoint.
        builder.Finally(endpoint => TokenRequirement.PutOn(endpoint, marks.Of(endpoint), WebSocketEndpoint.Around));
        return builder;
    }
}
