using RealtimeHub.Client.Handling;

namespace RealtimeHub.Client.Resuming;

/// <summary>Takes what the hub sends, from the threads of a connection. Once closed, it takes nothing more.</summary>
/// <param name="queue">Where the messages go.</param>
/// <param name="from">Where to begin on addresses without a position.</param>
/// <param name="positions">Where to begin on the others.</param>
internal sealed class Mailbox(HandlingQueue queue, ResumeFrom from, IReadOnlyDictionary<string, string> positions)
{
    private readonly AsyncMonitor _monitor = new();
    private readonly LogReaders _readers = new(queue, positions);
    private bool _isClosed;

    /// <summary>Takes positions for addresses that have none yet. Invalid ones are left out.</summary>
    public void Adopt(IReadOnlyDictionary<string, string> cursors) => Tell(
        cursors.Where(cursor => CursorRules.IsAddress(cursor.Key) && CursorRules.IsCursor(cursor.Value)),
        (reader, cursor) => reader.Adopt(cursor));

    /// <summary>A message has come.</summary>
    public void Receive(Envelope envelope) =>
        Tell<Envelope>(envelope.Address is { } address
            ? [KeyValuePair.Create(address, envelope)]
            : [], (reader, received) => reader.Receive(received));

    /// <summary>The hub has found that something may be missing, and tells the heads of the logs.</summary>
    public void Compare(IReadOnlyDictionary<string, string> heads) => Tell(heads, (reader, head) => reader.Compare(head));

    /// <summary>A new connection begins: every address is to be resumed.</summary>
    public void BeginConnection()
    {
        lock (_monitor.Lock)
        {
            _readers.BeginConnection();
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
