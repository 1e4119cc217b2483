using RealtimeHub.Authentication;
using RealtimeHub.Control;
using RealtimeHub.Delivery;
using RealtimeHub.Routing;

namespace RealtimeHub.Connections;

/// <summary>
/// Which users are here. The directory knows each of their connections, and, as connections of everyone, those that have no user.
/// </summary>
internal sealed class UserMembership(
    IMessageRouter router, ConnectionRegistry registry, LastingMembership lasting, Departures departures, UserRoom room,
    FanOut fanOut, RecentlyEnded ended, FollowedUsers followed, TimeProvider time)
{
    private const int AtOnce = 256;

    /// <summary>So often a connection makes room for itself: others who come at the same time may take it.</summary>
    private const int MostTurns = 100;

    /// <summary>Makes a connection reachable as its user, or closes it if he is refused.</summary>
    /// <returns>Whether it is reachable.</returns>
    public async Task<bool> AttachAsync(ClientConnection connection)
    {
        var local = registry.Join(connection.EnteredAt, connection);
        var (known, read) = (local.Head, lasting.BeginRead());
        if (await TakeOrEnterAsync(local, connection, known) is not { } entered)
        {
            return false;
        }

        fanOut.Reconcile(local, entered.Head, known);
        await lasting.EnterAsync(connection, entered.Lasting, read);
        return true;
    }

    /// <summary>Undoes it; if the store is away, once it is back.</summary>
    public async Task DetachAsync(ClientConnection connection)
    {
        if (registry.TryFind(connection.EnteredAt, out var local))
        {
            Remember(connection, local);
            local.Remove(connection);
            registry.Close(local);
            await departures.DetachAsync(local.Address, connection.Id, connection.Reason is { MayReconnect: false });
        }
    }

    /// <summary>Enters each connection of a user, or of those who have none, in the directory once more.</summary>
    /// <returns>The head of the log; null when no connection is left.</returns>
    public Task<Cursor?> CheckAsync(LocalAddress local) => AloneAsync(local, async () =>
    {
        Cursor? head = null;
        foreach (var connections in local.Members.Where(member => member.EnteredAt == local.Address && !member.IsReplaced).Chunk(AtOnce))
        {
            var heads = await Task.WhenAll(connections.Select(connection => CheckAsync(local, connection)));
            head = heads.LastOrDefault(entered => entered is not null) ?? head;
        }

        return head;
    });

    /// <summary>Has the directory, and this node, know a connection of a user by what a new token says, unless that is refused.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="details">What is known of it with the new token.</param>
    /// <param name="record">The record of the new token.</param>
    /// <param name="goOn">What else is to change then, before the next renewal.</param>
    /// <returns>Whether it is refused; ended, if the connection is over.</returns>
    public async Task<AttachResult> RenewAsync(
        ClientConnection connection, ConnectionDetails details, ReadOnlyMemory<byte> record, Func<Task> goOn)
    {
        return registry.TryFind(connection.EnteredAt, out var local)
            ? await AloneAsync(local, RenewAsync)
            : new AttachResult(AttachOutcome.Ended);

        async Task<AttachResult> RenewAsync()
        {
            var result = await router.RenewAsync(local.Address, connection.Id, details, record);
            if (result.IsAttached)
            {
                connection.Details = details;
                await goOn();
            }

            return result;
        }
    }

    // Whoever asks what has become of a message is told of connections that are over as well.
    private void Remember(ClientConnection connection, LocalAddress local)
    {
        if (connection is { HasOpened: true, IsCanary: false, User: { } user })
        {
            ended.Add(new EndedConnection(
                connection.Id, user, connection.Details, time.GetUtcNow(), connection.Reason?.Code, local.JoinedAt(connection),
                local.Head));
            if (followed.Any)
            {
                followed.Note(
                    user.Name, "ended",
                    connection.Reason is { } reason ? $"{reason.Code}: {reason.Sentence}" : "The client has gone, or its network.", connection.Id);
            }
        }
    }

    /// <summary>So that nothing is entered again as it was before it was renewed, and two renewals do not mix.</summary>
    private static async Task<T> AloneAsync<T>(LocalAddress local, Func<Task<T>> act)
    {
        await local.Gate.WaitAsync();
        try
        {
            return await act();
        }
        finally
        {
            local.Gate.Release();
        }
    }

    private async Task<Cursor?> CheckAsync(LocalAddress local, ClientConnection connection)
    {
        try
        {
            var read = lasting.BeginRead();
            if (await EnterAsync(local, connection, local.Head) is not { } entered)
            {
                return null;
            }

            await lasting.FollowAsync(connection, entered.Lasting, read);
            return entered.Head;
        }
        finally
        {
            // It ended meanwhile, perhaps before it was entered again; and what failed may have been carried out.
            await (registry.TryFind(connection.Id, out _) ? Task.CompletedTask
                : departures.DetachAsync(local.Address, connection.Id, connection.Reason is { MayReconnect: false }));
        }
    }

    // Who comes back may have been entered before he has joined. Where others are, the node has seen since how far the log has come.
    private async Task<AttachResult?> TakeOrEnterAsync(LocalAddress local, ClientConnection connection, Cursor? known)
    {
        if (connection.Reconnection?.Take() is not { } taken)
        {
            return await EnterNewAsync(local, connection, known);
        }

        return IsAttached(connection, taken) ? taken with { Head = known ?? taken.Head } : null;
    }

    // However many come at once, each that makes room has ended one that was there before.
    private async Task<AttachResult?> EnterNewAsync(LocalAddress local, ClientConnection connection, Cursor? known)
    {
        var result = await TryEnterAsync(local, connection, known, connection.Offer?.Record);
        for (var turn = 0; result.Outcome == AttachOutcome.Full && turn < MostTurns && await room.TryMakeAsync(local.Address); turn++)
        {
            result = await TryEnterAsync(local, connection, known, connection.Offer?.Record);
        }

        return IsAttached(connection, result) ? result : null;
    }

    /// <returns>Null if the user is refused. A connection that was ended unseen, because Redis had lost it, ends here.</returns>
    private async Task<AttachResult?> EnterAsync(
        LocalAddress local, ClientConnection connection, Cursor? known, ReadOnlyMemory<byte> record = default)
    {
        var result = await TryEnterAsync(local, connection, known, record);
        return IsAttached(connection, result) ? result : null;
    }

    private Task<AttachResult> TryEnterAsync(
        LocalAddress local, ClientConnection connection, Cursor? known, ReadOnlyMemory<byte> record) =>
        router.AttachAsync(local.Address, connection.Id, known, connection.Details, record);

    private static bool IsAttached(ClientConnection connection, AttachResult result)
    {
        // Who is to renew it has some time for that, and does not lose it because the node has looked.
        if (!result.IsAttached && (result.Outcome != AttachOutcome.Ended || connection.RenewsTo <= connection.Details.Epoch))
        {
            connection.Shut(ReasonOf(result));
        }

        return result.IsAttached;
    }

    private static CloseReason ReasonOf(AttachResult refused) => refused.Outcome switch
    {
        AttachOutcome.Banned => CloseReason.Banned(refused.Text),
        AttachOutcome.Full => CloseReason.UserFull,
        _ => CloseReason.Ended(),
    };
}
