using RealtimeHub.Redis;

namespace RealtimeHub.Routing.Events;

/// <summary>
/// Whether users are online, as backends are told. The step that enters the first connection of a user in the directory adds
/// <c>user.online</c> to his events; the step that takes out the last lets his grace begin. Who is back by its end was never gone.
/// </summary>
internal interface IPresence
{
    /// <summary>How long a user without a connection still counts as online: a reload of a page tells nobody anything.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Adds <c>user.offline</c> to the events of those whose grace is over and who are not back. However many nodes do so at once, it is
    /// one event.
    /// </summary>
    /// <param name="most">The most users.</param>
    /// <returns>How many it has looked at.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task<int> ConcludeAsync(int most);
}
