namespace RealtimeHub.Minting;

/// <summary>The endpoint at which a page gets its next token.</summary>
public static class TokenEndpoints
{
    /// <summary>
    /// Maps <c>POST</c> on <paramref name="pattern"/>, which mints a token for whoever is signed in to this web app:
    /// 200 <c>{"token","expiresIn","cursors"}</c>, 401 for an anonymous request, 403 <c>origin_refused</c> for a page of another origin, 503 while
    /// Redis is away.
    /// </summary>
    /// <remarks>
    /// Whether a browser comes from another origin is told by its <c>Sec-Fetch-Site</c> or, if it is too old for that, its <c>Origin</c>. Pages of another
    /// origin of yours are let in by a CORS policy of this endpoint that names it and allows credentials: <c>MapHubToken().RequireCors(…)</c>.
    /// </remarks>
    public static RouteHandlerBuilder MapHubToken(this IEndpointRouteBuilder endpoints, string pattern = "/hub-token") =>
        endpoints.MapPost(pattern, Mint).AddEndpointFilter(SameSite.RequireAsync);

    private static IResult Mint(HttpContext context) => SignedInUser.RecordFor(context.User) is { } record
        ? new MintResult(record, StatusCodes.Status200OK)
        : TypedResults.Unauthorized();
}
