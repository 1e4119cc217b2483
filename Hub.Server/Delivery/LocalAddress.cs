using RealtimeHub.Authentication;
using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>An address as this node sees it: who of it is here, how far its log has come, and when that is to be looked up.</summary>
/// <remarks>
/// It alone decides what is delivered next, and to whom. Messages may come by two ways at once; who is told to deliver one goes on with
/// <see cref="Next"/> until nothing is left, and nobody else delivers meanwhile. So what is written is in the order of the log, and nobody
/// waits. A transient message has no place in the log, and is not remembered: it is to come by one way only.
/// </remarks>
internal sealed class LocalAddress
{
    private readonly Lock _lock = new();

    /// <summary>Each with the head when it came; null before there was one.</summary>
    private readonly Dictionary<ClientConnection, Cursor?> _members = [];
    private readonly MessageOrder _order = new();
    private readonly CheckSchedule _schedule;
    private ClientConnection[]? _snapshot;
    private Queue<PendingDelivery>? _ready;
    private bool _isDelivering;
    private bool _isRetired;

    /// <param name="address">Which address it is.</param>
    /// <param name="checks">Where it stands once somebody has joined.</param>
    public LocalAddress(Address address, CheckQueue checks)
    {
        Address = address;
        IsCanary = address.IsUser && CanaryUsers.IsNamedLikeOne(address.Name);
        _schedule = new CheckSchedule(this, checks);
    }

    public Address Address { get; }

    /// <summary>Whether it is a user that a node is itself.</summary>
    public bool IsCanary { get; }

    /// <summary>
    /// Held by who attaches or detaches a group: its first member must not pass its last. Of a user, by who enters his connections again,
    /// or renews one.
    /// </summary>
    public SemaphoreSlim Gate => LazyInitializer.EnsureInitialized(ref field, () => new SemaphoreSlim(1, 1));

    /// <summary>Whether it was given up when its last member left, and another stands, or will, in its place.</summary>
    public bool IsRetired
    {
        get
        {
            lock (_lock)
            {
                return _isRetired;
            }
        }
    }

    /// <summary>The id of the last message that this node has seen or heard of; null before the first look at the log.</summary>
    public Cursor? Head
    {
        get
        {
            lock (_lock)
            {
                return _order.Head;
            }
        }
    }

    public ClientConnection[] Members
    {
        get
        {
            lock (_lock)
            {
                return Snapshot();
            }
        }
    }

    /// <summary>The head when a connection came here: it gets what comes behind that. Null if it is not here.</summary>
    public Cursor? JoinedAt(ClientConnection connection)
    {
        lock (_lock)
        {
            return _members.GetValueOrDefault(connection);
        }
    }

    /// <returns>False if the address is retired: look it up again.</returns>
    public bool TryAdd(ClientConnection connection)
    {
        lock (_lock)
        {
            if (!_isRetired)
            {
                _members.TryAdd(connection, _order.Head);
                _snapshot = null;
                _schedule.Begin();
                NoteHead(connection);
            }

            return !_isRetired;
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
            if (_members.Count == 0)
            {
                _isRetired = true;
                _schedule.End();
            }

            return _isRetired;
        }
    }

    /// <summary>Has its head looked up now and then, even while nobody is here.</summary>
    public void BeginChecks()
    {
        lock (_lock)
        {
            _schedule.Begin();
        }
    }

    /// <summary>Makes its head due to be looked up within a time, even if messages come until then.</summary>
    public void MarkStale(DateTimeOffset now, TimeSpan within)
    {
        lock (_lock)
        {
            _schedule.MarkStale(now, within);
        }
    }

    /// <summary>
    /// Whether its head is to be looked up now. Who is told so calls <see cref="Release"/> and looks it up; a mark that comes meanwhile
    /// makes it due again.
    /// </summary>
    public bool TryTakeDue(DateTimeOffset now)
    {
        lock (_lock)
        {
            TakeHeld(now);
            var isDue = _schedule.TryTakeDue(now);
            AskWhenHeldForTooLong();
            return isDue;
        }
    }

    /// <summary>
    /// Takes note of a message, and of who is to get it: in one step, so that who joins before it gets it, and who joins after it sees by
    /// the head that it was there. What is early is held (<see cref="MessageOrder"/>), and what was delivered before is dropped.
    /// </summary>
    /// <returns>What the caller is to deliver; null if that is nothing.</returns>
    public PendingDelivery? Observe(RoutedMessage message, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (message.After is { } after)
            {
                NoteFirstHead(after);
                _schedule.Observe(now);
                switch (_order.Observe(message, now))
                {
                    case MessagePlace.Known:
                        return null;
                    case MessagePlace.Passed:
                        _schedule.MarkStale(now, TimeSpan.Zero);
                        return null;
                    case MessagePlace.Early:
                        TakeHeld(now);
                        AskWhenHeldForTooLong();
                        return Begin();
                    case MessagePlace.Unexpected:
                        _schedule.MarkStale(now, TimeSpan.Zero);
                        break;
                }
            }

            var first = BeginWith(message);
            TakeHeld(now);
            return first;
        }
    }

    /// <summary>Takes note of the head as Redis has it, unless this node has come further since it asked.</summary>
    /// <param name="head">The head.</param>
    /// <param name="asked">The head that this node knew when it asked.</param>
    /// <param name="now">The time.</param>
    /// <returns>What the caller is to deliver: a gap, if messages have passed this node by.</returns>
    public PendingDelivery? Reconcile(Cursor head, Cursor? asked, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_order.Head != asked || head == asked)
            {
                return null;
            }

            NoteFirstHead(head);
            _order.MoveTo(head);
            if (asked is not null)
            {
                Enqueue(RoutedMessage.Gap(Address, head));
            }

            TakeHeld(now);
            return Begin();
        }
    }

    /// <summary>Lets go of what was held for too long.</summary>
    /// <returns>What the caller is to deliver.</returns>
    public PendingDelivery? Release(DateTimeOffset now)
    {
        lock (_lock)
        {
            TakeHeld(now);
            return Begin();
        }
    }

    /// <summary>
    /// What follows what the caller is about to deliver, for the same connections: to be delivered together with it. Null if nothing does.
    /// </summary>
    /// <returns>All of it, the given one first.</returns>
    public List<RoutedMessage>? TakeFollowing(PendingDelivery first)
    {
        List<RoutedMessage>? together = null;
        lock (_lock)
        {
            while (_ready?.TryPeek(out var next) == true && next.Members == first.Members && !next.Message.IsGap)
            {
                (together ??= [first.Message]).Add(_ready.Dequeue().Message);
            }
        }

        return together;
    }

    /// <summary>What is to be delivered after what the caller has just delivered; null if nothing is left.</summary>
    public PendingDelivery? Next()
    {
        lock (_lock)
        {
            _isDelivering = false;
            return Begin();
        }
    }

    private void NoteHead(ClientConnection connection)
    {
        if (_order.Head is { } head)
        {
            connection.Opening?.Note(Address, head);
        }
    }

    // Who has joined before there was a head gets all that comes behind the first.
    private void NoteFirstHead(Cursor head)
    {
        if (_order.Head is not null)
        {
            return;
        }

        foreach (var member in Snapshot())
        {
            _members[member] = head;
            member.Opening?.Note(Address, head);
        }
    }

    private ClientConnection[] Snapshot() => _snapshot ??= [.. _members.Keys];

    private void TakeHeld(DateTimeOffset now)
    {
        while (_order.TakeHeld(now) is { } held)
        {
            Enqueue(held);
            if (held.IsGap)
            {
                _schedule.MarkStale(now, TimeSpan.Zero);
            }
        }
    }

    private void AskWhenHeldForTooLong()
    {
        if (_order.HeldUntil is { } until)
        {
            _schedule.AskNoLaterThan(until);
        }
    }

    private void Enqueue(RoutedMessage message) => (_ready ??= new()).Enqueue(new PendingDelivery(message, Snapshot()));

    // As Enqueue and Begin would do it, without a queue for what can go out at once.
    private PendingDelivery? BeginWith(RoutedMessage message)
    {
        if (_isDelivering || _ready?.Count > 0)
        {
            Enqueue(message);
            return Begin();
        }

        _isDelivering = true;
        return new PendingDelivery(message, Snapshot());
    }

    private PendingDelivery? Begin()
    {
        if (_isDelivering || _ready?.TryDequeue(out var first) != true)
        {
            return null;
        }

        _isDelivering = true;
        return first;
    }
}
