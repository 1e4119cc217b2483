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
}
