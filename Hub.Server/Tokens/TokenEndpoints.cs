using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace RealtimeHub.Tokens;

/// <summary>The endpoint at which a page gets its next token.</summary>
public static class TokenEndpoints
{
    /// <summary>
    /// Maps <c>POST</c> on <paramref name="pattern"/>, which mints a token for whoever is signed in to this web app:
    /// 200 <c>{"token","expiresIn"}</c>, or 401 for an anonymous request.
    /// </summary>
    /// <remarks>Another site can make a browser post here, but never read the answer.</remarks>
    public static RouteHandlerBuilder MapHubToken(this IEndpointRouteBuilder endpoints, string pattern = "/hub-token") =>
        endpoints.MapPost(pattern, MintAsync);

    private static async Task<Results<JsonHttpResult<MintedToken>, UnauthorizedHttpResult>> MintAsync(
        HttpContext context, IAccessTokenStore tokens, IOptions<TokenOptions> options)
    {
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return SignedInUser.RecordFor(context.User) is { } record
            ? TypedResults.Json(MintedToken.From(await tokens.MintAsync(record), options.Value), TokenJson.Default.MintedToken)
            : TypedResults.Unauthorized();
    }
}
