using RealtimeHub.Redis;

namespace RealtimeHub.Tokens;

/// <summary>Mints access tokens, and lets each be spent at most once, by whichever node sees it first.</summary>
public interface IAccessTokenStore
{
    /// <summary>Stores the record under a new token, which dies after <see cref="TokenOptions.Lifetime"/>.</summary>
    /// <exception cref="ArgumentException">The record breaks a rule, such as an empty user; the message names it.</exception>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task<AccessToken> MintAsync(TokenRecord record);

    /// <summary>Spends a token in one atomic step, which costs one round trip to the store.</summary>
    /// <remarks>A spent token is remembered for a minute, so that a replay can be told from a token that never was.</remarks>
    /// <exception cref="StoreUnavailableException">The store does not answer. Nobody may be let in.</exception>
    Task<SpendResult> SpendAsync(AccessToken token);
}
