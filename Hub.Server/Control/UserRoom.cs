using Microsoft.Extensions.Options;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;

namespace RealtimeHub.Control;

/// <summary>Makes room for a connection of a user who has as many as he may have, if the settings say so.</summary>
internal sealed class UserRoom(IConnectionDirectory directory, IMessageRouter router, IOptions<UserLimitOptions> limits)
{
    /// <summary>
    /// Takes the oldest connection of a user out of the directory, with its secret, and has its node end it. Whoever comes at the same time
    /// may take the room: then it is to be made again.
    /// </summary>
    /// <returns>False if nothing is ended, since that is not wanted, or nobody is there.</returns>
    public async Task<bool> TryMakeAsync(Address user)
    {
        if (limits.Value.WhenUserFull != UserFullPolicy.EndOldest)
        {
            return false;
        }

        var connections = (await directory.ConnectionsOfAsync([user])).Single();
        if (connections.MinBy(connection => connection.Details?.Since ?? DateTimeOffset.MinValue) is not { } oldest)
        {
            return false;
        }

        await router.DetachAsync(user, oldest.Id, isForGood: true);
        await router.SendCommandAsync(oldest.Node, new EvictConnections([oldest.Id]).Write());
        return true;
    }
}
