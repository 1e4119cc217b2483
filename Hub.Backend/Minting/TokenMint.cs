using Microsoft.Extensions.Options;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Tokens;

namespace RealtimeHub.Minting;

/// <summary>Mints what a page needs: a token, and the cursor after which the user gets everything.</summary>
internal sealed class TokenMint(IAccessTokenStore tokens, IMessageRouter router, IOptions<TokenOptions> options)
{
    /// <exception cref="StoreUnavailableException">Redis does not answer.</exception>
    public async Task<MintedToken> MintAsync(TokenRecord record, CancellationToken cancellationToken)
    {
        var address = Address.User(record.Subject);
        var head = router.HeadAsync(address);
        var token = await tokens.MintAsync(record, cancellationToken);
        var cursors = new Dictionary<string, string> { [address.ToString()] = (await head.WaitAsync(cancellationToken)).ToString() };
        return new MintedToken(token.Reveal(), (int)options.Value.Lifetime.TotalSeconds, cursors);
    }
}
