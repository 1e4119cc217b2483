using RealtimeHub.Redis;

namespace RealtimeHub.Routing;

/// <summary>Who is connected where, as living nodes have attached it. It is read only; a router enters what it says.</summary>
/// <remarks>All of it throws <see cref="StoreUnavailableException"/> while the store does not answer.</remarks>
internal interface IConnectionDirectory
{
    /// <summary>The connections of some users, in the order of the users; of one who is not connected none.</summary>
    Task<IReadOnlyList<IReadOnlyList<AttachedConnection>>> ConnectionsOfAsync(IReadOnlyList<Address> users);

    /// <summary>
    /// Those who are connected, a page at a time and in no order. Whoever is connected from the first page to the last comes at least once,
    /// and once if nobody comes or goes meanwhile; who comes or goes may come on none, and anybody on two.
    /// </summary>
    /// <param name="cursor">Where the page before has ended; null for the first.</param>
    /// <param name="limit">About how many; a page may have fewer, also none, and some more.</param>
    /// <exception cref="FormatException">No page has ended with such a cursor.</exception>
    Task<UserPage> UsersAsync(string? cursor, int limit);

    /// <summary>Which node has each of some connections. A connection that none has is left out.</summary>
    Task<IReadOnlyDictionary<string, NodeId>> LocateAsync(IReadOnlyList<string> connectionIds);

    /// <summary>The living nodes.</summary>
    Task<IReadOnlyList<NodeId>> NodesAsync();

    /// <summary>The living nodes that have members of a group.</summary>
    Task<IReadOnlyList<NodeId>> NodesOfAsync(Address group);
}
