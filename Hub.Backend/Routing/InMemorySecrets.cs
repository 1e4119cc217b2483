using RealtimeHub.Operations;

namespace RealtimeHub.Routing;

/// <summary>What lies under the secrets of the connections of the one node that there is.</summary>
internal sealed class InMemorySecrets(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, KeptConnection> _kept = new(StringComparer.Ordinal);
    private readonly SweepInterval _sweep = new(TimeSpan.FromSeconds(10));

    /// <summary>Keeps a connection under its secret.</summary>
    public void Enter(string secretHash, KeptConnection connection)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            _kept[secretHash] = connection;
            if (_sweep.TryTake(now))
            {
                foreach (var over in _kept.Where(entry => entry.Value.Until <= now).ToList())
                {
                    _kept.Remove(over.Key);
                }
            }
        }
    }

    /// <summary>Keeps what a new token of a connection says in the place of what the one before has said, if it is kept.</summary>
    public void Renew(string secretHash, ConnectionDetails details, ReadOnlyMemory<byte> record)
    {
        lock (_lock)
        {
            if (_kept.TryGetValue(secretHash, out var connection))
            {
                _kept[secretHash] = connection with { Details = details, Record = record };
            }
        }
    }

    /// <summary>The connection of a user that may come back with a secret now; null if none may.</summary>
    public KeptConnection? Find(string secretHash, Address user)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            return _kept.TryGetValue(secretHash, out var kept) && kept.User == user && !kept.IsOver(now) ? kept : null;
        }
    }

    /// <summary>Lets go of a secret.</summary>
    /// <returns>False if another has done so before.</returns>
    public bool Remove(string secretHash)
    {
        lock (_lock)
        {
            return _kept.Remove(secretHash);
        }
    }

    /// <summary>Takes note that the connection has ended: it may come back for some time, or not at all.</summary>
    public void Leave(string secretHash, bool isForGood)
    {
        lock (_lock)
        {
            if (isForGood)
            {
                _kept.Remove(secretHash);
            }
            else if (_kept.TryGetValue(secretHash, out var connection))
            {
                _kept[secretHash] = connection with { Until = time.GetUtcNow() + IReconnects.Memory };
            }
        }
    }
}
