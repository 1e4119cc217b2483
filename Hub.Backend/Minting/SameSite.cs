using Microsoft.AspNetCore.Cors.Infrastructure;
using RealtimeHub.Operations;

namespace RealtimeHub.Minting;

/// <summary>Refuses requests that another site makes a browser send with its user's cookies (CSRF).</summary>
/// <remarks>
/// CORS keeps that site from reading the answer, but not from sending the request. A client that is no browser sends neither of the two
/// headers that tell the origin; it is let through, because no other site can misuse its cookies.
/// </remarks>
internal static class SameSite
{
    private static readonly Refusal OriginRefused = new(403, "origin_refused",
        "A page of another origin may not do this with the cookies of this site. If it is yours, name its origin in a CORS policy of this endpoint that allows credentials.");

    /// <summary>
    /// An endpoint filter: lets through pages of the own origin, and of origins to which the endpoint's CORS policy allows credentials.
    /// </summary>
    public static async ValueTask<object?> RequireAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        IsOwn(context.HttpContext.Request) || await IsAllowedAsync(context.HttpContext) ? await next(context) : OriginRefused;

    // The browser's own comparison counts first, because a proxy may have changed the host name that we see.
    private static bool IsOwn(HttpRequest request) => request.Headers["Sec-Fetch-Site"] switch
    {
        [] => request.Headers.Origin is [] || (request.Headers.Origin is [{ } origin] && IsOwn(origin, request.Host)),
        [var site] => site is "same-origin" or "none",
        _ => false,
    };

    // The scheme is not compared, since TLS may end at a proxy.
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
