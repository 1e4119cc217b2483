using System.Diagnostics;
using RealtimeHub.Control;
using RealtimeHub.Delivery;
using RealtimeHub.Operations;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>Keeps the directory up to date with the connections of this node.</summary>
internal sealed class ConnectionAttachment(
    IMessageRouter router, ConnectionRegistry registry, UserMembership users, GroupMembership groups, EndedLabels labels,
    ConnectionReplacer replacer, FanOut fanOut, ConnectMetrics metrics)
{
    /// <summary>
    /// Makes a connection reachable, as its user and in its groups: one command of the router for each, all sent at once.
    /// </summary>
    /// <returns>False if its user or a label is refused: then it is closing, and attached nowhere.</returns>
    public async Task<bool> AttachAsync(ClientConnection connection, IEnumerable<Address> memberOf)
    {
        using var span = HubSpans.Begin("attach");
        var (begun, isAttached) = (Stopwatch.GetTimestamp(), (bool?)null);
        try
        {
            isAttached = await EnterAsync(connection, memberOf);
            return isAttached.Value;
        }
        finally
        {
            metrics.Attached(begun, isAttached);
            if (isAttached != true)
            {
                span.Refuse(isAttached is null ? CloseReason.StoreUnavailable.Code : connection.Reason?.Code ?? "refused");
            }
        }
    }

    /// <summary>Undoes all of it; if the store is away, once it is back.</summary>
    public async Task DetachAsync(ClientConnection connection)
    {
        registry.Remove(connection);
        await users.DetachAsync(connection);
        try
        {
            await groups.LeaveAllAsync(connection);
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
        var (attached, unknown) = (new List<Attachment>(locals.Count), new List<LocalAddress>());
        foreach (var local in locals)
        {
            if (!TryAddAttachments(local, attached))
            {
                unknown.Add(local);
            }
        }

        var changed = await router.FindChangedAsync(attached);
        return changed.Count == 0 ? unknown : [.. unknown, .. locals.Where(local => changed.Contains(local.Address))];
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

    private async Task<bool> EnterAsync(ClientConnection connection, IEnumerable<Address> memberOf)
    {
        registry.Add(connection);
        if (labels.ReasonFor(connection.Details.Labels, connection.Context.User) is { } ended)
        {
            connection.Shut(ended);
            registry.Remove(connection);
            return false;
        }

        var attaching = users.AttachAsync(connection);
        await Task.WhenAll([attaching, .. memberOf.Select(group => groups.JoinAsync(connection, group, GroupSources.Token))]);
        if (await attaching)
        {
            if (connection.Reconnection?.Replaced is var (replaced, node))
            {
                replacer.Tell(node, replaced);
            }

            return true;
        }

        await DetachAsync(connection);
        return false;
    }

    private async Task<Cursor?> HeadOfEveryoneAsync() =>
        await users.CheckAsync(registry.Everyone) ?? await router.HeadAsync(Address.Everyone, registry.Everyone.Head);

    /// <returns>False where the head is not known yet, or nobody is left.</returns>
    private static bool TryAddAttachments(LocalAddress local, List<Attachment> attached)
    {
        if (local.Head is not { } head)
        {
            return false;
        }

        var before = attached.Count;
        if (local.Address == Address.Everyone)
        {
            attached.Add(new Attachment(local.Address, ConnectionId: null, head));
        }

        foreach (var member in EnteredFor(local))
        {
            attached.Add(new Attachment(local.Address, member.Id, head));
        }

        return attached.Count > before;
    }

    /// <summary>The connections for which the directory has the address: for a group it does not matter which.</summary>
    private static ReadOnlySpan<ClientConnection> EnteredFor(LocalAddress local)
    {
        var members = local.Members;
        return local.Address == Address.Everyone ? Array.FindAll(members, member => member.EnteredAt == Address.Everyone)
            : local.Address.IsGroup ? members.AsSpan(0, Math.Min(1, members.Length))
            : Array.Exists(members, member => member.IsReplaced) ? Array.FindAll(members, member => !member.IsReplaced)
            : members;
    }
}
