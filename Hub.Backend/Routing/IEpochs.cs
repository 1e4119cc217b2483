using RealtimeHub.Redis;

namespace RealtimeHub.Routing;

/// <summary>
/// The epoch of each user: a number that grows when his connections are ended. A router attaches no connection whose token was minted in an
/// older one, in the same step in which it would enter it: who reads the directory behind <see cref="RaiseAsync"/> finds all that there will
/// ever be of that epoch.
/// </summary>
/// <remarks>
/// An epoch is kept for an hour: all that was minted before is dead by then. All of it throws <see cref="StoreUnavailableException"/> while
/// the store does not answer.
/// </remarks>
internal interface IEpochs
{
    /// <summary>How long an epoch is kept.</summary>
    static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>The epoch in which a token of the user is minted now; 0 if none is kept.</summary>
    Task<long> LastAsync(Address user);

    /// <summary>Refuses what was minted for the user until now.</summary>
    /// <param name="user">Whom.</param>
    /// <param name="session">Only what was minted in this web session; null for all.</param>
    /// <returns>The new epoch: milliseconds since 1970 by the clock of the store, and more than each before.</returns>
    Task<long> RaiseAsync(Address user, string? session = null);

    /// <summary>Refuses what was minted for the user until now, and until a time whatever else is minted.</summary>
    /// <param name="user">Whom.</param>
    /// <param name="until">Until when, by the clock of the store. It takes the place of what was set before.</param>
    /// <param name="reason">What he is to be told; null for nothing.</param>
    Task BanAsync(Address user, DateTimeOffset until, string? reason = null);

    /// <summary>Ends a ban. What was minted before the ban began stays refused.</summary>
    Task UnbanAsync(Address user);
}
