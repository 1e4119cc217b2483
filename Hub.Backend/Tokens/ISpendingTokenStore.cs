using RealtimeHub.Redis;

namespace RealtimeHub.Tokens;

/// <summary>The store as the hub has it, which lets each token be spent at most once, by whichever node sees it first.</summary>
internal interface ISpendingTokenStore : IAccessTokenStore
{
    /// <summary>Spends a token in one atomic step, which costs one round trip to the store.</summary>
    /// <remarks>A spent token is remembered for a minute, so that a replay can be told from a token that never was.</remarks>
    /// <exception cref="StoreUnavailableException">The store does not answer. Nobody may be let in.</exception>
    Task<SpendResult> SpendAsync(AccessToken token);
}
