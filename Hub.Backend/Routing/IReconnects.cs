using RealtimeHub.Redis;

namespace RealtimeHub.Routing;

/// <summary>
/// The secrets with which connections come back. A router keeps the hash of one beside the directory while its connection is attached, and
/// for some time after; what a node has left that died counts as well.
/// </summary>
/// <remarks>All of it throws <see cref="StoreUnavailableException"/> while the store does not answer.</remarks>
internal interface IReconnects
{
    /// <summary>For how long a connection may come back after its end.</summary>
    static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Takes a secret, in one step: of any number of attempts exactly one gets it. The connection that it was given to is out of the
    /// directory then, and the one that comes in its place is attached as by <see cref="IMessageRouter.AttachAsync"/>, with a secret of its own.
    /// </summary>
    /// <param name="user">Whose it says that it is.</param>
    /// <param name="secretHash">The lower-case hex SHA-256 of the secret.</param>
    /// <param name="next">What comes in its place; null if that is attached later.</param>
    /// <returns>
    /// Null if it is not good: it was used, is over or was lost, <see cref="IEpochs"/> refuses it, its token lets nobody stay any more, or
    /// the user has as many other connections as he may have.
    /// </returns>
    Task<Reconnected?> ReconnectAsync(Address user, string secretHash, ReconnectingConnection? next = null);
}
