using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>An address as this node sees it: who of it is here, and how far its log has come.</summary>
internal sealed class LocalAddress(Address address)
{
    private readonly Lock _lock = new();
    private readonly HashSet<ClientConnection> _members = [];
    private ClientConnection[]? _snapshot;
    private Cursor? _head;

    public Address Address => address;

    /// <summary>Held by who attaches or detaches a group: its first member must not pass its last.</summary>
    public SemaphoreSlim Gate => LazyInitializer.EnsureInitialized(ref field, () => new SemaphoreSlim(1, 1));

    /// <summary>Whether it was given up when its last member left, and another stands, or will, in its place.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>When its head shall be looked up; null if that is not yet decided.</summary>
    public DateTimeOffset? CheckAt { get; set; }

    /// <summary>Whether messages may have passed this node by, so that its head shall be looked up even if others come until then.</summary>
    public bool IsStale { get; set; }

    /// <summary>When the last message came.</summary>
    public DateTimeOffset ObservedAt { get; private set; }

    /// <summary>How many messages have come. Who asks Redis for the head remembers it, to see whether the answer is old by then.</summary>
    public long Observed { get; private set; }

    /// <summary>The id of the last message that this node has seen; null before the first look at the log.</summary>
    public Cursor? Head
    {
        get
        {
            lock (_lock)
            {
                return _head;
            }
        }
    }

    public ClientConnection[] Members
    {
        get
        {
            lock (_lock)
            {
                return _snapshot ??= [.. _members];
            }
        }
    }

    /// <returns>False if the address is retired: look it up again.</returns>
    public bool TryAdd(ClientConnection connection)
    {
        lock (_lock)
        {
            if (!IsRetired)
            {
                _members.Add(connection);
                _snapshot = null;
            }

            return !IsRetired;
        }
    }

    public void Remove(ClientConnection connection)
    {
        lock (_lock)
        {
            _members.Remove(connection);
            _snapshot = null;
        }
    }

    /// <returns>Whether nobody is left, and nobody will come any more.</returns>
    public bool TryRetire()
    {
        lock (_lock)
        {
            IsRetired |= _members.Count == 0;
            return IsRetired;
        }
    }

    /// <summary>
    /// Takes note of a message, and says who is to get it: in one step, so that who joins before it gets it, and who joins after it sees by the
    /// head that it was there.
    /// </summary>
    public ClientConnection[] Observe(RoutedMessage message, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (message.After is not null)
            {
                _head = message.Id;
                Observed++;
                ObservedAt = now;
            }

            return _snapshot ??= [.. _members];
        }
    }

    /// <summary>Takes note of the head as Redis has it, unless a message has come since it was asked.</summary>
    /// <returns>Whether the node thought otherwise: something has passed it by.</returns>
    public bool Reconcile(Cursor head, long observedBefore)
    {
        lock (_lock)
        {
            if (Observed != observedBefore || _head == head)
            {
                return false;
            }

            var wasKnown = _head is not null;
            _head = head;
            return wasKnown;
        }
    }
}
