using RealtimeHub.Redis;

namespace RealtimeHub.Routing;

/// <summary>
/// The groups that users are in by whatever connection they come. An attach answers with those of its user, read in the step that enters
/// the connection: who changes them, and then looks who is in the directory, finds each connection that does not know yet.
/// </summary>
/// <remarks>All of it throws <see cref="StoreUnavailableException"/> while the store does not answer.</remarks>
internal interface ILastingGroups
{
    /// <summary>The most groups that a user may be in.</summary>
    const int MaxGroups = 1_000;

    /// <summary>Puts a user into a group. Whoever is there already stays until the new time.</summary>
    /// <returns>False if he is in <see cref="MaxGroups"/> others.</returns>
    Task<bool> AddAsync(Address user, LastingGroup group);

    /// <summary>Takes a user out of a group.</summary>
    Task RemoveAsync(Address user, Address group);

    /// <summary>The groups of a user whose time is not over, in the order of their names.</summary>
    Task<IReadOnlyList<LastingGroup>> OfAsync(Address user);
}
