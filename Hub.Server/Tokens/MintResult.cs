using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using RealtimeHub.Operations;

namespace RealtimeHub.Tokens;

/// <summary>Mints for a record and answers with the token, or with 503 while the store is away.</summary>
/// <param name="record">A record without mistakes.</param>
/// <param name="status">What a minted token is to the caller: 201 for a backend that creates one, 200 for a page that asks for its own.</param>
internal sealed class MintResult(TokenRecord record, int status) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        try
        {
            var token = await services.GetRequiredService<IAccessTokenStore>().MintAsync(record);
            await AnswerAsync(httpContext, MintedToken.From(token, services.GetRequiredService<IOptions<TokenOptions>>().Value));
        }
        catch (TokenStoreUnavailableException)
        {
            await Refusal.StoreUnavailable.ExecuteAsync(httpContext);
        }
    }

    private Task AnswerAsync(HttpContext context, MintedToken token)
    {
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return TypedResults.Json(token, TokenJson.Default.MintedToken, statusCode: status).ExecuteAsync(context);
    }
}
