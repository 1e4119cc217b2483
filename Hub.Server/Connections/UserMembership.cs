using System.Collections.Concurrent;
using RealtimeHub.Delivery;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using StackExchange.Redis;

namespace RealtimeHub.Connections;

/// <summary>
/// Which users are here. The directory knows each of their connections, and, as connections of everyone, those that have no user.
/// </summary>
internal sealed class UserMembership(IMessageRouter router, ConnectionRegistry registry, FanOut fanOut)
{
    private const int AtOnce = 256;

    private readonly ConcurrentQueue<(Address User, string ConnectionId)> _gone = new();

    /// <summary>Makes a connection reachable as its user.</summary>
    public async Task AttachAsync(ClientConnection connection)
    {
        var local = registry.Join(connection.EnteredAt, connection);
        var known = local.Head;
        fanOut.Reconcile(local, await router.AttachAsync(local.Address, connection.Id, known), known);
    }

    /// <summary>Undoes it; if the store is away, with the next <see cref="DetachGoneAsync"/>.</summary>
    public async Task DetachAsync(ClientConnection connection)
    {
        if (registry.TryFind(connection.EnteredAt, out var local))
        {
            local.Remove(connection);
            registry.Close(local);
            await DetachAsync(local.Address, connection.Id);
        }
    }

    /// <summary>Enters each connection of a user, or of those who have none, in the directory once more.</summary>
    /// <returns>The head of the log; null when no connection is left.</returns>
    public async Task<Cursor?> CheckAsync(LocalAddress local)
    {
        Cursor? head = null;
        foreach (var connections in local.Members.Where(member => member.EnteredAt == local.Address).Chunk(AtOnce))
        {
            var heads = await Task.WhenAll(connections.Select(connection => CheckAsync(local, connection)));
            head = heads[^1];
        }

        return head;
    }

    /// <summary>Takes out of the directory what ended while the store was away.</summary>
    public async Task DetachGoneAsync()
    {
        for (var count = _gone.Count; count > 0 && _gone.TryDequeue(out var gone); count--)
        {
            await DetachAsync(gone.User, gone.ConnectionId);
        }
    }

    private async Task<Cursor> CheckAsync(LocalAddress local, ClientConnection connection)
    {
        var head = await router.AttachAsync(local.Address, connection.Id, local.Head);
        if (!registry.TryFind(connection.Id, out _))
        {
            // It ended meanwhile, perhaps before it was entered again.
            await DetachAsync(local.Address, connection.Id);
        }

        return head;
    }

    private async Task DetachAsync(Address user, string connectionId)
    {
        try
        {
            await router.DetachAsync(user, connectionId);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or RedisException)
        {
            _gone.Enqueue((user, connectionId));
        }
    }
}
