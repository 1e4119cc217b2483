using RealtimeHub.Minting;
using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The endpoint at which a page gets its next token.</summary>
public static class HubTokenEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps <c>POST</c> on <paramref name="pattern"/>, which mints a token for the user who is signed in to this web app. Answers:
    /// 200 <c>{"token","expiresIn","cursors"}</c>; 401 for an anonymous request; 403 <c>origin_refused</c> for a page of another origin;
    /// 403 <c>user_unfit</c> if the signed-in name cannot be a user's (<see cref="Address.IsName"/>); 503 while Redis is away.
    /// </summary>
    /// <remarks>
    /// The header <c>Sec-Fetch-Site</c> tells whether the page is of another origin; for a browser too old to send it, <c>Origin</c> does.
    /// To let in pages of another origin of yours, give this endpoint a CORS policy that names the origin and allows credentials:
    /// <c>MapHubToken().RequireCors(…)</c>.
    /// </remarks>
    public static RouteHandlerBuilder MapHubToken(this IEndpointRouteBuilder endpoints, string pattern = "/hub-token") =>
        endpoints.MapPost(pattern, Mint).AddEndpointFilter(SameSite.RequireAsync);

    private static IResult Mint(HttpContext context, TimeProvider time) =>
        SignedInUser.RecordFor(context.User) is not { } record ? TypedResults.Unauthorized()
        : record.MistakeInMinting(time.GetUtcNow()) is { } mistake ? Unfit(mistake)
        : new MintResult(record, StatusCodes.Status200OK);

    private static Refusal Unfit(string mistake) => new(
        StatusCodes.Status403Forbidden, "user_unfit",
        $"This web app has signed in somebody who cannot be a user of the hub: {mistake}. Its sign-in must give a name identifier, and a sid if it gives one, that fit.");
}
