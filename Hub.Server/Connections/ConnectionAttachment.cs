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

    /// <summary>Looks at many addresses at once.</summary>
    /// <returns>Those to be checked one by one: all but those of which Redis has everything as this node knows it.</returns>
    /// <exception cref="StoreUnavailableException">Redis does not answer.</exception>
    public async Task<IReadOnlyList<LocalAddress>> FindChangedAsync(IReadOnlyList<LocalAddress> locals)
    {
        var attached = locals.ToDictionary(local => local, AttachmentsOf);
        var changed = await router.FindChangedAsync([.. attached.Values.SelectMany(attachments => attachments)]);
        return [.. locals.Where(local => attached[local].Count == 0 || changed.Contains(local.Address))];
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

    // Nothing where the head is not known yet, or nobody is left.
    private static IReadOnlyList<Attachment> AttachmentsOf(LocalAddress local)
    {
        if (local.Head is not { } head)
        {
            return [];
        }

        Attachment Of(string? connectionId) => new(local.Address, connectionId, head);

        var entered = local.Members.Where(member => member.EnteredAt == local.Address).Select(member => Of(member.Id));
        return local.Address.Match<IReadOnlyList<Attachment>>(
            _ => [.. entered],
            _ => [.. local.Members.Take(1).Select(member => Of(member.Id))],
            () => [Of(connectionId: null), .. entered]);
    }
}
