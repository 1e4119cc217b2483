using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace RealtimeHub.Client.Handling;

/// <summary>The received messages that wait for the handlers, in order, and the last handled message of each address.</summary>
/// <param name="cursors">The cursors that the application kept. They may be anything; keys that are no addresses are left out.</param>
internal sealed class HandlingQueue(IReadOnlyDictionary<string, string> cursors)
{
    /// <summary>
    /// The most entries that wait. When the queue is full, messages of a log are left with the hub, which keeps them, until half of the
    /// queue has been handled.
    /// </summary>
    public const int Capacity = 1_000;

    private readonly AsyncMonitor _monitor = new();
    private readonly Queue<QueueEntry> _waiting = new();
    private QueueEntry? _inHand;
    private ImmutableDictionary<string, string> _cursors =
        cursors.Where(cursor => CursorRules.IsAddress(cursor.Key)).ToImmutableDictionary(StringComparer.Ordinal);

    public bool HasRoom
    {
        get
        {
            lock (_monitor.Lock)
            {
                return _waiting.Count < Capacity;
            }
        }
    }

    /// <summary>The last message of each address that has been handled.</summary>
    public ImmutableDictionary<string, string> Cursors
    {
        get
        {
            lock (_monitor.Lock)
            {
                return _cursors;
            }
        }
    }

    /// <summary>Where to resume from.</summary>
    /// <remarks>
    /// The entry that is being handled counts as handled. Otherwise a handler that restarts the client would get its message again.
    /// </remarks>
    public ImmutableDictionary<string, string> Positions
    {
        get
        {
            lock (_monitor.Lock)
            {
                return CursorsAfter(_inHand);
            }
        }
    }

    public void Add(QueueEntry entry)
    {
        lock (_monitor.Lock)
        {
            _waiting.Enqueue(entry);
            _monitor.Pulse();
        }
    }

    /// <summary>Takes the next entry, if there is one. It is being handled until <see cref="Done"/>.</summary>
    public bool TryTake([NotNullWhen(true)] out QueueEntry? entry)
    {
        lock (_monitor.Lock)
        {
            if (_waiting.TryDequeue(out entry))
            {
                _inHand = entry;
                _monitor.Pulse();
            }

            return entry is not null;
        }
    }

    /// <summary>Takes the next entry, once there is one.</summary>
    public async Task<QueueEntry> TakeAsync(CancellationToken cancellationToken)
    {
        QueueEntry? entry;
        do
        {
            await _monitor.WaitAsync(() => _waiting.Count > 0, cancellationToken);
        }
        while (!TryTake(out entry));
        return entry;
    }

    /// <summary>The entry that was taken has been handled.</summary>
    public void Done()
    {
        lock (_monitor.Lock)
        {
            _cursors = CursorsAfter(_inHand);
            _inHand = null;
            _monitor.Pulse();
        }
    }

    /// <summary>Returns when half of the queue is free again.</summary>
    public Task RoomAsync(CancellationToken cancellationToken) =>
        _monitor.WaitAsync(() => _waiting.Count <= Capacity / 2, cancellationToken);

    /// <summary>Returns when no entry is being handled.</summary>
    public Task IdleAsync(CancellationToken cancellationToken) => _monitor.WaitAsync(() => _inHand is null, cancellationToken);

    /// <summary>Drops what waits: it was not handled, and comes again from the hub.</summary>
    /// <remarks>
    /// Cursors that only had to move are moved now, unless that would skip a message. Otherwise their address would have none.
    /// </remarks>
    public void Clear()
    {
        lock (_monitor.Lock)
        {
            foreach (var first in _waiting.GroupBy(entry => entry.Address).Select(entries => entries.First()))
            {
                _cursors = first is QueueEntry.Moved ? CursorsAfter(first) : _cursors;
            }

            _waiting.Clear();
            _monitor.Pulse();
        }
    }

    private ImmutableDictionary<string, string> CursorsAfter(QueueEntry? entry) =>
        entry is null ? _cursors
        : entry.CursorAfter(_cursors.GetValueOrDefault(entry.Address)) is { } cursor ? _cursors.SetItem(entry.Address, cursor)
        : _cursors.Remove(entry.Address);
}
