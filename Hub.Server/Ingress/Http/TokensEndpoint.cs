using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Minting;
using RealtimeHub.Operations;
using RealtimeHub.Tokens;

namespace RealtimeHub.Ingress.Http;

/// <summary><c>POST /api/tokens</c>: mints a token for a backend that cannot reach Redis itself.</summary>
internal static class TokensEndpoint
{
    public static void MapTokens(this IEndpointRouteBuilder api) => api.At("/tokens").Post(MintAsync).Describe<TokenRecord, MintedToken>(new()
    {
        Name = "mintToken",
        Tag = "Tokens",
        Scope = ApiScope.Mint,
        Summary = "Mint an access token for a user",
        Description = "Hand the token to the client and nobody else: it opens one connection, and dies unspent after expiresIn seconds. "
            + "cursors tells where the user's log stood, so that the client misses nothing of what comes before it connects.",
        Status = StatusCodes.Status201Created,
        Request = """{"sub":"alice","name":"Alice","groups":["room1"]}""",
        Answer = """{"token":"wstokenq7VvT1iUUQPmQ3cRzO4n0T1gkT9l0cJYbqzqX5m3w8I","expiresIn":20,"cursors":{"user:alice":"1790000000000002-7"}}""",
        Refusals = [ApiRefusals.BodyInvalid("The token record is refused: sub must be 1 to 256 characters without control characters."), Refusal.StoreUnavailable, ApiRefusals.RateLimited(seconds: 1)],
    });

    private static async Task<IResult> MintAsync(HttpRequest request, TimeProvider time)
    {
        var body = await JsonBody.ReadAsync(request, ApiJson.Default.TokenRecord);
        return !body.IsSuccess ? body.Reason
            : body.Value.MistakeInMinting(time.GetUtcNow()) is { } mistake ? ApiRefusals.BodyInvalid($"The token record is refused: {mistake}.")
            : new MintResult(body.Value, StatusCodes.Status201Created);
    }
}
