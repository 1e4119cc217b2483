using Microsoft.AspNetCore.Cors.Infrastructure;
using RealtimeHub.Operations;

namespace RealtimeHub.Minting;

/// <summary>Turns away what another site makes a browser send, with the cookies of whoever sits in front of it.</summary>
/// <remarks>
/// CORS keeps that site from reading the answer, not the request from being done. What no browser sent has neither of the two headers that
/// tell, and no cookies that anybody could ride on.
/// </remarks>
internal static class SameSite
{
    private static readonly Refusal OriginRefused = new(403, "origin_refused",
        "A page of another origin may not do this with the cookies of this site. If it is yours, name its origin in a CORS policy of this endpoint that allows credentials.");

    /// <summary>
    /// An endpoint filter: lets pages of the own origin through, and of those that the endpoint's own CORS policy names and allows
    /// credentials.
    /// </summary>
    public static async ValueTask<object?> RequireAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        IsOwn(context.HttpContext.Request) || await IsAllowedAsync(context.HttpContext) ? await next(context) : OriginRefused;

    // What the browser says of the two sites counts, because a proxy may have changed the name of ours.
    private static bool IsOwn(HttpRequest request) => request.Headers["Sec-Fetch-Site"] switch
    {
        [] => request.Headers.Origin is [] || (request.Headers.Origin is [{ } origin] && IsOwn(origin, request.Host)),
        [var site] => site is "same-origin" or "none",
        _ => false,
    };

    // Not the scheme, since TLS may end at a proxy.
    private static bool IsOwn(string origin, HostString host) =>
        origin.Equals($"https://{host}", StringComparison.OrdinalIgnoreCase) || origin.Equals($"http://{host}", StringComparison.OrdinalIgnoreCase);

    private static async Task<bool> IsAllowedAsync(HttpContext context) =>
        context.Request.Headers.Origin is [{ } origin] && await PolicyOfAsync(context) is { SupportsCredentials: true } policy
            && policy.IsOriginAllowed(origin);

    private static async Task<CorsPolicy?> PolicyOfAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>() switch
        {
            ICorsPolicyMetadata own => own.Policy,
            IEnableCorsAttribute named =>
                await context.RequestServices.GetRequiredService<ICorsPolicyProvider>().GetPolicyAsync(context, named.PolicyName),
            _ => null,
        };
}
