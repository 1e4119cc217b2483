using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>Who is connected to this node, by id and by address.</summary>
internal sealed class ConnectionRegistry
{
    private readonly ConcurrentDictionary<string, ClientConnection> _connections = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Address, LocalAddress> _addresses = new();
    private TaskCompletionSource? _emptied;
    private int _canaries;

    public ConnectionRegistry()
    {
        Everyone = new LocalAddress(Address.Everyone, Checks);
        Everyone.BeginChecks();
        _addresses[Address.Everyone] = Everyone;
    }

    /// <summary>When each address is to be looked at.</summary>
    public CheckQueue Checks { get; } = new();

    public LocalAddress Everyone { get; }

    /// <summary>How many there are, without canaries. To count them takes every lock of theirs.</summary>
    public int Count => _connections.Count - Volatile.Read(ref _canaries);

    public IEnumerable<ClientConnection> Connections => _connections.Select(entry => entry.Value);

    /// <summary>Every address that has, or just had, connections here.</summary>
    public IEnumerable<LocalAddress> Addresses => _addresses.Select(entry => entry.Value);

    public void Add(ClientConnection connection)
    {
        _connections[connection.Id] = connection;
        if (connection.IsCanary)
        {
            Interlocked.Increment(ref _canaries);
            return;
        }

        Everyone.TryAdd(connection);
    }

    public void Remove(ClientConnection connection)
    {
        if (_connections.TryRemove(connection.Id, out _) && connection.IsCanary)
        {
            Interlocked.Decrement(ref _canaries);
        }

        Everyone.Remove(connection);
        if (_emptied is not null)
        {
            TellIfEmpty(_emptied);
        }
    }

    /// <summary>Ends when nobody is connected any more. To be asked when nobody comes any more.</summary>
    public Task WhenEmptyAsync()
    {
        // Set before it is looked: whoever leaves in between finds it.
        var emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        emptied = Interlocked.CompareExchange(ref _emptied, emptied, null) ?? emptied;
        TellIfEmpty(emptied);
        return emptied.Task;
    }

    public bool TryFind(string connectionId, [NotNullWhen(true)] out ClientConnection? connection) =>
        _connections.TryGetValue(connectionId, out connection);

    public bool TryFind(Address address, [NotNullWhen(true)] out LocalAddress? local) => _addresses.TryGetValue(address, out local);

    /// <summary>The address, to look at or to join.</summary>
    public LocalAddress Open(Address address) => _addresses.GetOrAdd(
        address, static (address, checks) => new LocalAddress(address, checks), Checks);

    /// <summary>Adds a connection to an address.</summary>
    public LocalAddress Join(Address address, ClientConnection connection)
    {
        while (true)
        {
            var local = Open(address);
            if (local.TryAdd(connection))
            {
                return local;
            }
        }
    }

    /// <summary>Gives up an address that nobody is left at.</summary>
    public void Close(LocalAddress local)
    {
        if (local != Everyone && local.TryRetire())
        {
            _addresses.TryRemove(KeyValuePair.Create(local.Address, local));
        }
    }

    private void TellIfEmpty(TaskCompletionSource emptied)
    {
        if (_connections.IsEmpty)
        {
            emptied.TrySetResult();
        }
    }
}
