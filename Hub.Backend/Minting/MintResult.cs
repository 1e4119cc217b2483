using Microsoft.Net.Http.Headers;
using RealtimeHub.Operations;
using RealtimeHub.Redis;
using RealtimeHub.Tokens;

namespace RealtimeHub.Minting;

/// <summary>Mints for a record and answers with the token, or with 503 while the store is away.</summary>
/// <param name="record">A record without mistakes.</param>
/// <param name="status">The status of the answer with the token: 201 for a backend that creates one, 200 for a page that asks for its
/// own.</param>
internal sealed class MintResult(TokenRecord record, int status) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            await AnswerAsync(httpContext, await httpContext.RequestServices.GetRequiredService<TokenMint>()
                .MintAsync(record, httpContext.RequestAborted));
        }
        catch (StoreUnavailableException away)
        {
            await Refusal.StoreUnavailableBecause(away.Fault.Summary).ExecuteAsync(httpContext);
        }
    }

    private Task AnswerAsync(HttpContext context, MintedToken token)
    {
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return TypedResults.Json(token, MintingJson.Default.MintedToken, statusCode: status).ExecuteAsync(context);
    }
}
