using RealtimeHub.Redis;

namespace RealtimeHub.Control;

/// <summary>
/// Ends connections, or has them renewed, on whichever node they are. Registered by <c>AddPushHub()</c>, apart from
/// <c>IConnections</c>: who may look may not yet act.
/// </summary>
/// <remarks>
/// When a call returns, each matching connection has been told to end and gets no more messages; within a second it is closed. What nobody
/// has is no mistake: 0 are ended. All of it throws <see cref="ArgumentException"/> for what is no name, <see cref="TimeoutException"/> if a
/// node that has some has not answered within five seconds, <see cref="NotSupportedException"/> if one is of a version that cannot, and
/// <see cref="StoreUnavailableException"/> while Redis does not answer. Each call can be made again.
/// </remarks>
public interface IConnectionControl
{
    /// <summary>How long a client has to renew its connection: 30 seconds.</summary>
    static readonly TimeSpan RenewalTime = TimeSpan.FromSeconds(30);

    /// <summary>Ends all connections of a user. What was minted for him before opens nothing: he needs a new token.</summary>
    Task<EndedConnections> EndUserAsync(string user, EndOptions? options = null);

    /// <summary>Ends the connections of one web session (<c>sid</c>) of a user. What was minted in it before opens nothing.</summary>
    Task<EndedConnections> EndSessionAsync(string user, string session, EndOptions? options = null);

    /// <summary>Ends one connection of a user. Tokens that he has not shown yet stay good.</summary>
    Task<EndedConnections> EndConnectionAsync(string user, string connectionId, EndOptions? options = null);

    /// <summary>
    /// Ends all connections with a label. What was minted with it before, or in the same second, opens nothing on the nodes that live now:
    /// they remember the label for five minutes, longer than any token lives.
    /// </summary>
    Task<EndedConnections> EndLabelAsync(string label, EndOptions? options = null);

    /// <summary>
    /// Has all connections of a user renewed by new tokens within <see cref="RenewalTime"/>. Those that are not are ended, and may come back
    /// with a new token. What was minted for him before opens and renews nothing.
    /// </summary>
    Task<AskedConnections> RenewUserAsync(string user);

    /// <summary>The same for the connections of one web session (<c>sid</c>) of a user.</summary>
    Task<AskedConnections> RenewSessionAsync(string user, string session);

    /// <summary>Ends all connections of a user, and lets him open none until a time, whatever is minted for him.</summary>
    /// <param name="user">Whom, connected or not.</param>
    /// <param name="until">Until when. It takes the place of what was set before.</param>
    /// <param name="reason">What his clients are told, as in <see cref="EndOptions.Reason"/>.</param>
    Task<EndedConnections> BanAsync(string user, DateTimeOffset until, string? reason = null);

    /// <summary>Ends a ban before its time. Who is not banned is no mistake.</summary>
    Task UnbanAsync(string user);
}
