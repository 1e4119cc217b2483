using Microsoft.Extensions.Options;
using RealtimeHub.Tokens;

namespace RealtimeHub.Ingress;

/// <summary><c>POST /api/tokens</c>: a backend without Redis mints for its signed-in user.</summary>
internal static class TokensEndpoint
{
    public static async Task<IResult> HandleAsync(HttpContext context, IAccessTokenStore tokens, IOptions<TokenOptions> options)
    {
        var (record, refusal) = await JsonBody.ReadAsync(context.Request, ApiJson.Default.TokenRecord);
        if (refusal is not null)
        {
            return new RefusalResult(refusal);
        }

        return record!.Mistake() is { } mistake
            ? new RefusalResult(ApiRefusals.BodyInvalid($"The token record is refused: {mistake}."))
            : await MintAsync(record, tokens, options.Value);
    }

    public static async Task<IResult> MintAsync(TokenRecord record, IAccessTokenStore tokens, TokenOptions options)
    {
        try
        {
            var minted = MintedToken.From(await tokens.MintAsync(record), options);
            return TypedResults.Json(minted, TokenJson.Default.MintedToken, statusCode: StatusCodes.Status201Created);
        }
        catch (TokenStoreUnavailableException)
        {
            return new RefusalResult(ApiRefusals.StoreUnavailable);
        }
    }
}
