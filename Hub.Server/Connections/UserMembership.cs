using System.Collections.Concurrent;
using RealtimeHub.Delivery;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using StackExchange.Redis;

namespace RealtimeHub.Connections;

/// <summary>Which users are here. The directory knows each of their connections.</summary>
internal sealed class UserMembership(IMessageRouter router, ConnectionRegistry registry, FanOut fanOut)
{
    private readonly ConcurrentQueue<(Address User, string ConnectionId)> _gone = new();

    /// <summary>Makes a connection reachable as its user.</summary>
    public async Task AttachAsync(ClientConnection connection)
    {
        if (connection.User is { } user)
        {
            var local = registry.Join(user, connection);
            var known = local.Head;
            fanOut.Reconcile(local, await router.AttachAsync(user, connection.Id, known), known);
        }
    }

    /// <summary>Undoes it; if the store is away, with the next <see cref="DetachGoneAsync"/>.</summary>
    public async Task DetachAsync(ClientConnection connection)
    {
        if (connection.User is { } user && registry.TryFind(user, out var local))
        {
            local.Remove(connection);
            registry.Close(local);
            await DetachAsync(user, connection.Id);
        }
    }

    /// <summary>Enters each of the user's connections in the directory once more.</summary>
    /// <returns>The head of the user's log; null when no connection is left.</returns>
    public async Task<Cursor?> CheckAsync(LocalAddress user)
    {
        Cursor? head = null;
        foreach (var connection in user.Members)
        {
            head = await router.AttachAsync(user.Address, connection.Id, user.Head);
            if (!user.Members.Contains(connection))
            {
                // It ended meanwhile, perhaps before it was entered again.
                await DetachAsync(user.Address, connection.Id);
            }
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
