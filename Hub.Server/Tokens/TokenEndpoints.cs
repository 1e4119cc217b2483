namespace RealtimeHub.Tokens;

/// <summary>The endpoint at which a page gets its next token.</summary>
public static class TokenEndpoints
{
    /// <summary>
    /// Maps <c>POST</c> on <paramref name="pattern"/>, which mints a token for whoever is signed in to this web app:
    /// 200 <c>{"token","expiresIn","cursors"}</c>, 401 for an anonymous request, 503 while Redis is away.
    /// </summary>
    /// <remarks>Another site can make a browser post here, but never read the answer.</remarks>
    public static RouteHandlerBuilder MapHubToken(this IEndpointRouteBuilder endpoints, string pattern = "/hub-token") =>
        endpoints.MapPost(pattern, Mint);

    private static IResult Mint(HttpContext context) => SignedInUser.RecordFor(context.User) is { } record
        ? new MintResult(record, StatusCodes.Status200OK)
        : TypedResults.Unauthorized();
}
