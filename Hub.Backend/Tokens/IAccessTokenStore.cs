using RealtimeHub.Redis;

namespace RealtimeHub.Tokens;

/// <summary>
/// Mints access tokens. Spending them is the hub's: it lets each open one connection, on whichever node is shown it first.
/// </summary>
public interface IAccessTokenStore
{
    /// <summary>Stores the record under a new token, which dies after <see cref="TokenOptions.Lifetime"/>.</summary>
    /// <param name="record">Who the token is for, and what they may do.</param>
    /// <param name="cancellationToken">Ends the waiting. The token may be stored nevertheless; as nobody knows it, it dies unspent.</param>
    /// <exception cref="ArgumentException">The record breaks a rule, such as an empty user; the message names it.</exception>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task<AccessToken> MintAsync(TokenRecord record, CancellationToken cancellationToken = default);
}
