using RealtimeHub.Redis;

namespace RealtimeHub.Presence;

/// <summary>Who is connected, to whichever node. Registered by <c>AddPushHub()</c>.</summary>
/// <remarks>
/// All of it is right within a second after somebody has come or gone, and within fifteen after a node has died. It throws
/// <see cref="StoreUnavailableException"/> while Redis does not answer.
/// </remarks>
public interface IConnections
{
    /// <summary>The most users that one call takes, or a page has.</summary>
    const int MaxUsers = 1_000;

    /// <summary>The connections of a user. The hub knows no users but those who are connected: of any other there are none.</summary>
    /// <exception cref="ArgumentException">It is no name: see <c>Address.IsName</c>.</exception>
    Task<UserConnections> GetAsync(string user);

    /// <summary>Who of some users is online, in their order.</summary>
    /// <exception cref="ArgumentException">One is no name, or there are more than <see cref="MaxUsers"/>.</exception>
    Task<IReadOnlyList<UserStatus>> GetStatusAsync(IReadOnlyList<string> users);

    /// <summary>
    /// Those who are connected, a page at a time, in no order. Whoever is connected from the first page to the last is on one of them; who
    /// comes or goes meanwhile may be on none, or on two.
    /// </summary>
    /// <param name="cursor"><see cref="UserStatusPage.Next"/> of the page before; null for the first.</param>
    /// <param name="limit">About how many, from 1 to <see cref="MaxUsers"/>: a page may have fewer, also none, and some more.</param>
    /// <exception cref="FormatException">No page has ended with such a cursor.</exception>
    Task<UserStatusPage> ListAsync(string? cursor = null, int limit = 100);

    /// <summary>The users who have connections in a group, and how many, by name (ordinally): each once.</summary>
    /// <param name="group">The group.</param>
    /// <param name="cursor"><see cref="UserStatusPage.Next"/> of the page before, or any name: the page begins behind it.</param>
    /// <param name="limit">At most so many, from 1 to <see cref="MaxUsers"/>.</param>
    /// <exception cref="ArgumentException">It is no name.</exception>
    /// <exception cref="TimeoutException">A node that has some of them has not answered within five seconds.</exception>
    /// <exception cref="NotSupportedException">A node is of a version that cannot tell.</exception>
    Task<UserStatusPage> ListMembersAsync(string group, string? cursor = null, int limit = 100);

    /// <summary>The living nodes.</summary>
    Task<IReadOnlyList<NodeStatus>> ListNodesAsync();
}
