using RealtimeHub.Tokens;

namespace RealtimeHub.Ingress;

/// <summary><c>POST /api/tokens</c>: a backend without Redis mints for its signed-in user.</summary>
internal static class TokensEndpoint
{
    public static async Task<IResult> MintAsync(HttpRequest request)
    {
        var (record, refusal) = await JsonBody.ReadAsync(request, ApiJson.Default.TokenRecord);
        return refusal is not null ? refusal
            : record!.Mistake() is { } mistake ? ApiRefusals.BodyInvalid($"The token record is refused: {mistake}.")
            : new MintResult(record, StatusCodes.Status201Created);
    }
}
