using RealtimeHub.Client.Handling;

namespace RealtimeHub.Client.Resuming;

/// <summary>Takes what the hub sends, from the threads of a connection. Once closed, it takes nothing more.</summary>
/// <param name="queue">Where the messages go.</param>
/// <param name="from">Where to begin on addresses without a position.</param>
/// <param name="positions">Where to begin on the others.</param>
/// <param name="isWanted">Whether an address is that of a group that each connection joins when it has opened.</param>
internal sealed class Mailbox(
    HandlingQueue queue, ResumeFrom from, IReadOnlyDictionary<string, string> positions, Predicate<string> isWanted)
{
    private readonly AsyncMonitor _monitor = new();
    private readonly LogReaders _readers = new(queue, positions, isWanted);
    private bool _areHeadsComing;
    private bool _isClosed;

    /// <summary>Takes positions for addresses that have none yet. Invalid ones are left out.</summary>
    public void Adopt(IReadOnlyDictionary<string, string> cursors) => Tell(
        cursors.Where(IsValid),
        (reader, cursor) => reader.Adopt(cursor));

    /// <summary>A message has come.</summary>
    public void Receive(Envelope envelope) =>
        Tell<Envelope>(envelope.Address is { } address
            ? [KeyValuePair.Create(address, envelope)]
            : [], (reader, received) => reader.Receive(received));

    /// <summary>
    /// The hub tells the heads of logs: of all that are the connection's if nothing was asked yet, and otherwise where something may be
    /// missing.
    /// </summary>
    public void TakeHeads(IReadOnlyDictionary<string, string> heads)
    {
        if (!TryBeginAt(heads))
        {
            Tell(heads, (reader, head) => reader.Compare(head));
        }
    }

    /// <summary>The connection has joined a group, whose log ends there.</summary>
    public void Join(string address, string head) =>
        Tell(new[] { KeyValuePair.Create(address, head) }.Where(IsValid), (reader, cursor) => reader.Join(cursor));

    /// <summary>The connection has left a group.</summary>
    public void LeaveGroup(string address)
    {
        lock (_monitor.Lock)
        {
            if (!_isClosed)
            {
                _readers.Leave(address);
            }
        }
    }

    /// <summary>Heads have come over the wire, and will be told as soon as it is their turn.</summary>
    public void ExpectHeads()
    {
        lock (_monitor.Lock)
        {
            _areHeadsComing = true;
        }
    }

    /// <summary>Returns when the heads that have come so far have been told.</summary>
    public Task HeadsAsync(CancellationToken cancellationToken) => _monitor.WaitAsync(() => !_areHeadsComing, cancellationToken);

    /// <summary>A new connection begins: every address is to be resumed, unless the hub tells the heads.</summary>
    public void BeginConnection()
    {
        lock (_monitor.Lock)
        {
            _areHeadsComing = false;
            _readers.BeginConnection();
        }
    }

    /// <summary>Whether something is missing at any address, or may be.</summary>
    public bool AnyIsBehind
    {
        get
        {
            lock (_monitor.Lock)
            {
                return _readers.AnyIsBehind;
            }
        }
    }

    /// <summary>Returns when something is missing at any address.</summary>
    public Task BehindAsync(CancellationToken cancellationToken) => _monitor.WaitAsync(() => _readers.AnyIsBehind, cancellationToken);

    /// <summary>The argument of the next <c>Resume</c>.</summary>
    public ResumeRequest BeginCall()
    {
        lock (_monitor.Lock)
        {
            return _readers.BeginCall(from);
        }
    }

    /// <summary>Takes in a page that <c>Resume</c> has answered.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool Take(ResumeAnswer answer)
    {
        lock (_monitor.Lock)
        {
            return _isClosed || _readers.Take(answer);
        }
    }

    /// <summary>Once this has returned, nothing more is taken.</summary>
    public void Close()
    {
        lock (_monitor.Lock)
        {
            _isClosed = true;
        }
    }

    /// <returns>Whether a connection is beginning. What is not the heads of all its addresses means nothing then.</returns>
    private bool TryBeginAt(IReadOnlyDictionary<string, string> heads)
    {
        lock (_monitor.Lock)
        {
            _areHeadsComing = false;
            _monitor.Pulse();
            if (!_readers.IsBeginning)
            {
                return false;
            }

            if (!_isClosed && heads.ContainsKey("everyone") && heads.All(IsValid))
            {
                _readers.BeginAt(heads, from);
            }

            return true;
        }
    }

    private static bool IsValid(KeyValuePair<string, string> cursor) =>
        CursorRules.IsAddress(cursor.Key) && CursorRules.IsCursor(cursor.Value);

    private void Tell<T>(IEnumerable<KeyValuePair<string, T>> news, Action<LogReader, T> tell)
    {
        lock (_monitor.Lock)
        {
            foreach (var (address, item) in _isClosed ? [] : news)
            {
                var reader = _readers.Of(address);
                tell(reader, item);
                if (reader.IsBehind)
                {
                    _monitor.Pulse();
                }
            }
        }
    }
}
