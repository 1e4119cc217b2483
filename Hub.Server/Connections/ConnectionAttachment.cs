using RealtimeHub.Delivery;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>Keeps the directory up to date with the connections of this node.</summary>
internal sealed class ConnectionAttachment(
    IMessageRouter router, ConnectionRegistry registry, UserMembership users, GroupMembership groups, FanOut fanOut)
{
    /// <summary>
    /// Makes a connection reachable, as its user and in its groups: one command of the router for each, all sent at once.
    /// </summary>
    public async Task AttachAsync(ClientConnection connection, IEnumerable<Address> memberOf)
    {
        registry.Add(connection);
        await Task.WhenAll([users.AttachAsync(connection), .. memberOf.Select(group => groups.JoinAsync(connection, group))]);
    }

    /// <summary>Undoes all of it; if the store is away, once it is back.</summary>
    public async Task DetachAsync(ClientConnection connection)
    {
        registry.Remove(connection);
        await users.DetachAsync(connection);
        try
        {
            await Task.WhenAll(connection.Groups.Select(group => groups.LeaveAsync(connection, group)));
        }
        catch (StoreUnavailableException)
        {
            // The groups stay in the directory without members, until the next check of each removes it.
        }
    }

    /// <summary>Enters an address in the directory again, in case Redis has lost it, and reads its head.</summary>
    /// <exception cref="StoreUnavailableException">Redis does not answer.</exception>
    public async Task CheckAsync(LocalAddress local)
    {
        var known = local.Head;
        if (await local.Address.Match(_ => users.CheckAsync(local), _ => groups.CheckAsync(local), HeadOfEveryoneAsync) is { } head)
        {
            fanOut.Reconcile(local, head, known);
        }
    }

    private async Task<Cursor?> HeadOfEveryoneAsync() =>
        await users.CheckAsync(registry.Everyone) ?? await router.HeadAsync(Address.Everyone, registry.Everyone.Head);
}
