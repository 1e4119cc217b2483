using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Routing;

/// <summary>The directory of the one node that there is, in its memory.</summary>
internal sealed class InMemoryDirectory(
    LocalInbox local, InMemoryEpochs epochs, InMemorySecrets secrets, InMemoryPresence presence, IOptions<UserLimitOptions> limits,
    NodeId? node = null)
    : IConnectionDirectory
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, (Address Address, ConnectionDetails? Details)> _connections = new(StringComparer.Ordinal);

    /// <summary>Takes note of a connection, unless its user is refused. Of a group nothing is noted.</summary>
    public AttachResult Enter(Address address, string connectionId, ConnectionDetails? details, ReadOnlyMemory<byte> record = default)
    {
        if (address.IsUser)
        {
            return epochs.Enter(address, details, () => EnterOfUser(address, connectionId, details, record));
        }

        if (!address.IsGroup)
        {
            _connections[connectionId] = (address, details);
        }

        return new AttachResult(AttachOutcome.Attached);
    }

    /// <summary>Takes note of what a new token of a connection says, unless its user is refused.</summary>
    public AttachResult Renew(Address user, string connectionId, ConnectionDetails details, ReadOnlyMemory<byte> record) =>
        epochs.Enter(user, details, () => RenewOfUser(connectionId, details, record));

    /// <summary>Takes a secret, and the connection that it was given to out; takes note of the one that comes in its place.</summary>
    /// <returns>The connection that it was given to, and the new one; null if the secret is not good.</returns>
    public (KeptConnection Replaced, AttachedConnection? Entered)? Replace(Address user, string secretHash, ReconnectingConnection? next)
    {
        if (secrets.Find(secretHash, user) is not { } kept)
        {
            return null;
        }

        var entered = next is null ? null : new AttachedConnection(next.Id, node!, next.Details with
        {
            Session = kept.Details.Session,
            Epoch = kept.Details.Epoch,
            Expires = kept.Details.Expires,
            Labels = kept.Details.Labels,
        });
        return epochs.Enter(user, kept.Details, () => Replace(kept, secretHash, entered)).IsAttached ? (kept, entered) : null;
    }

    /// <summary>Takes it out. Its secret goes with it, or is good for some time.</summary>
    public void Remove(Address address, string connectionId, bool isForGood)
    {
        lock (_lock)
        {
            if (!_connections.TryGetValue(connectionId, out var entered) || entered.Address != address
                || !_connections.TryRemove(KeyValuePair.Create(connectionId, entered)))
            {
                return;
            }

            if (entered.Details?.SecretHash is { } secret)
            {
                secrets.Leave(secret, isForGood);
            }

            if (address.IsUser)
            {
                presence.Leave(address);
            }
        }
    }

    public Task<IReadOnlyList<IReadOnlyList<AttachedConnection>>> ConnectionsOfAsync(IReadOnlyList<Address> users)
    {
        var connections = Connections().ToLookup(entered => entered.User, entered => entered.Connection);
        return Task.FromResult<IReadOnlyList<IReadOnlyList<AttachedConnection>>>(
            [.. users.Select(user => connections[user].ToList())]);
    }

    /// <remarks>In the order of their names: the cursor is the last name of the page before.</remarks>
    public Task<UserPage> UsersAsync(string? cursor, int limit)
    {
        if (cursor is not null && !Address.TryParse(cursor, out _))
        {
            throw new FormatException("No page has ended with such a cursor.");
        }

        KeyValuePair<Address, IReadOnlyList<AttachedConnection>>[] users =
        [
            .. Connections().Where(entered => entered.User.IsUser)
                .GroupBy(entered => entered.User, entered => entered.Connection)
                .Where(user => string.CompareOrdinal(user.Key.ToString(), cursor) > 0)
                .OrderBy(user => user.Key.ToString(), StringComparer.Ordinal)
                .Take(limit + 1)
                .Select(user => KeyValuePair.Create<Address, IReadOnlyList<AttachedConnection>>(user.Key, [.. user])),
        ];
        return Task.FromResult(users.Length > limit
            ? new UserPage(users[..limit], users[limit - 1].Key.ToString())
            : new UserPage(users, Next: null));
    }

    public Task<IReadOnlyDictionary<string, NodeId>> LocateAsync(IReadOnlyList<string> connectionIds)
    {
        var located = new Dictionary<string, NodeId>(StringComparer.Ordinal);
        foreach (var self in Self)
        {
            foreach (var id in connectionIds.Where(_connections.ContainsKey))
            {
                located[id] = self;
            }
        }

        return Task.FromResult<IReadOnlyDictionary<string, NodeId>>(located);
    }

    public Task<IReadOnlyList<NodeId>> NodesAsync() => Task.FromResult(Self);

    public Task<IReadOnlyList<NodeId>> NodesOfAsync(Address group) => NodesAsync();

    private AttachResult RenewOfUser(string connectionId, ConnectionDetails details, ReadOnlyMemory<byte> record)
    {
        if (_connections.TryGetValue(connectionId, out var entered))
        {
            _connections.TryUpdate(connectionId, entered with { Details = details }, entered);
        }

        if (details.SecretHash is { } secret)
        {
            secrets.Renew(secret, details, record);
        }

        return new AttachResult(AttachOutcome.Attached);
    }

    private AttachResult EnterOfUser(Address user, string connectionId, ConnectionDetails? details, ReadOnlyMemory<byte> record)
    {
        lock (_lock)
        {
            var isNew = !_connections.ContainsKey(connectionId);
            if (isNew && IsFull(user))
            {
                return new AttachResult(AttachOutcome.Full);
            }

            _connections[connectionId] = (user, details);
            if (isNew)
            {
                presence.Come(user);
            }
        }

        if (details?.SecretHash is { } secret && !record.IsEmpty)
        {
            secrets.Enter(secret, new KeptConnection(user, connectionId, details, record));
        }

        return new AttachResult(AttachOutcome.Attached);
    }

    private AttachResult Replace(KeptConnection kept, string secretHash, AttachedConnection? entered)
    {
        if (!_connections.ContainsKey(kept.Id) && IsFull(kept.User))
        {
            return new AttachResult(AttachOutcome.Full);
        }

        if (!secrets.Remove(secretHash))
        {
            return new AttachResult(AttachOutcome.Ended);
        }

        if (entered is { Details: { } details })
        {
            secrets.Enter(details.SecretHash!, new KeptConnection(kept.User, entered.Id, details, kept.Record));
        }

        Exchange(kept, entered);
        return new AttachResult(AttachOutcome.Attached);
    }

    // The new one comes first, so that its user was never gone.
    private void Exchange(KeptConnection kept, AttachedConnection? entered)
    {
        lock (_lock)
        {
            if (entered is not null)
            {
                _connections[entered.Id] = (kept.User, entered.Details);
                presence.Come(kept.User);
            }

            if (_connections.TryRemove(kept.Id, out _))
            {
                presence.Leave(kept.User);
            }
        }
    }

    private bool IsFull(Address user) =>
        limits.Value.ConnectionsPerUser is > 0 and var limit && _connections.Values.Count(entered => entered.Address == user) >= limit;

    // The node, while it is open. A process that only publishes is none.
    private IReadOnlyList<NodeId> Self => node is not null && local.Inbox is not null ? [node] : [];

    private IEnumerable<(Address User, AttachedConnection Connection)> Connections() => Self.SelectMany(self => _connections.Select(
        entered => (entered.Value.Address, new AttachedConnection(entered.Key, self, entered.Value.Details))));
}
