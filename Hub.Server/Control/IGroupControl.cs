using RealtimeHub.Redis;

namespace RealtimeHub.Control;

/// <summary>
/// Puts users into groups for long: by whatever connection they come, on whichever node, until they are taken out. Registered by
/// <c>AddPushHub()</c>.
/// </summary>
/// <remarks>
/// When a call returns, the connections that the user has follow. A user who is not connected follows when he comes. All of it throws
/// <see cref="ArgumentException"/> for what is no name, <see cref="TimeoutException"/> if a node that has connections of the user has not
/// answered within five seconds, <see cref="NotSupportedException"/> if one is of a version that cannot, and
/// <see cref="StoreUnavailableException"/> while Redis does not answer. Each call can be made again. <c>IHubContext.Groups</c> instead is about
/// one connection, and ends with it.
/// </remarks>
public interface IGroupControl
{
    /// <summary>Puts a user into a group. If he is there already, the new time counts.</summary>
    /// <param name="user">Whom, connected or not.</param>
    /// <param name="group">The group.</param>
    /// <param name="until">Until when, with milliseconds; he leaves within a second after it. Null: until he is taken out.</param>
    /// <exception cref="InvalidOperationException">He is in 1,000 others.</exception>
    Task<GroupChange> AddAsync(string user, string group, DateTimeOffset? until = null);

    /// <summary>
    /// Takes a user out of a group. What else keeps a connection there stays: its token, its client, or <c>IHubContext.Groups</c>.
    /// </summary>
    Task<GroupChange> RemoveAsync(string user, string group);

    /// <summary>The groups that a user is in for long, in the order of their names, at most 1,000.</summary>
    Task<IReadOnlyList<UserGroup>> ListAsync(string user);
}
