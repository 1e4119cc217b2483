using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Routing;
using RealtimeHub.Transport;

namespace RealtimeHub.Delivery;

/// <summary>
/// The way out to one client. Whoever writes never waits: what the client is too slow for waits here, up to a megabyte and for as long as
/// it may, and beyond that the connection ends. What waits together goes out together, as one message of its transport. Everything waits
/// until <see cref="Open()"/>.
/// </summary>
/// <param name="context">The client's connection.</param>
/// <param name="onTooSlow">Ends the connection.</param>
/// <param name="answer">The answer to its handshake, if that may be held: it goes out with the first.</param>
internal sealed class Outbox(HubConnectionContext context, Action onTooSlow, IHeldAnswerFeature? answer = null)
{
    /// <summary>The most bytes that wait.</summary>
    internal const int Capacity = 1024 * 1024;

    /// <summary>The most bytes that go out together, unless a single call has more.</summary>
    internal const int MaxTogether = 64 * 1024;

    private readonly Lock _lock = new();
    private Outgoing? _first;
    private Queue<Outgoing>? _others;
    private int _bytes;
    private bool _isOpen;
    private bool _isListed;
    private bool _isWriting;
    private bool _isClosed;

    /// <summary>The next one in the list of <see cref="FilledOutboxes"/> that this one is in.</summary>
    public Outbox? NextFilled { get; set; }

    /// <summary>How many bytes wait.</summary>
    public int Waiting => Volatile.Read(ref _bytes);

    /// <summary>Whether a message waits here. What is being written waits no more.</summary>
    public bool Holds(Cursor id)
    {
        var named = Encoding.UTF8.GetBytes($"\"id\":\"{id}\"");
        lock (_lock)
        {
            return _first?.Bytes.Span.IndexOf(named) >= 0 || _others?.Any(call => call.Bytes.Span.IndexOf(named) >= 0) == true;
        }
    }

    /// <summary>Writes now, or as soon as the client has taken what came before.</summary>
    public void Write(Outgoing call)
    {
        Accept(call, lists: false);
        Begin();
    }

    /// <summary>Has this wait until it is written with what else waits.</summary>
    /// <returns>Whether the caller is to call <see cref="Flush"/> later: nobody writes, and nobody else has been told so.</returns>
    public bool Fill(Outgoing call) => Accept(call, lists: true);

    /// <summary>Writes what waits.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            _isListed = false;
        }

        Begin();
    }

    /// <summary>From now on nothing waits for more than the client.</summary>
    public void Open() => Open(first: null);

    /// <summary>Writes this ahead of all that waits, in one piece with the answer to the handshake. From now on nothing is held.</summary>
    public void Open(Outgoing? first)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            EnqueueFirst(first);
            Release();
        }

        Begin();
    }

    /// <summary>Writes this ahead of all that waits, and nothing after it. If it is nothing (null), nothing more is written.</summary>
    public void Close(Outgoing? call)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            CloseWith(call);
            Release();
        }

        Begin();
    }

    /// <summary>
    /// Ends the connection if what waits longest has waited for longer than this. What is held does not wait for the client.
    /// </summary>
    /// <remarks>Asked each second of every connection. For most of them nothing waits, and they take no lock.</remarks>
    public void EndIfOlder(TimeSpan limit)
    {
        if (Volatile.Read(ref _first) is null)
        {
            return;
        }

        lock (_lock)
        {
            if (_isClosed || !_isOpen || _first is not { } oldest || !oldest.IsOlderThan(limit))
            {
                return;
            }

            CloseWith(null);
        }

        onTooSlow();
    }

    private bool IsEmpty => _first is null;

    private bool Accept(Outgoing call, bool lists)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            if ((IsEmpty && !_isWriting) || _bytes + call.Size <= Capacity)
            {
                Enqueue(call);
                return lists && !_isWriting && !_isListed && (_isListed = true);
            }

            CloseWith(null);
        }

        onTooSlow();
        return false;
    }

    private void Begin()
    {
        lock (_lock)
        {
            if (_isWriting || IsEmpty || !_isOpen)
            {
                return;
            }

            _isWriting = true;
        }

        _ = DrainAsync();
    }

    // A write that fails closes the connection, and does not throw.
    private async Task DrainAsync()
    {
        while (Take(out var rented) is { } message)
        {
            await context.WriteAsync(message);
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>What goes out next: what waits alone as it is, and what waits together in a buffer.</summary>
    private SerializedHubMessage? Take(out byte[]? rented)
    {
        lock (_lock)
        {
            rented = null;
            if (_first is not { } first)
            {
                _isWriting = false;
                return null;
            }

            Dequeue();
            if (_first is null || first.Size + _first.Size > MaxTogether)
            {
                return first.Message;
            }

            rented = ArrayPool<byte>.Shared.Rent(Math.Min(MaxTogether, first.Size + _bytes));
            return Outgoing.Together(rented.AsMemory(0, Fill(rented, first)));
        }
    }

    private int Fill(byte[] buffer, Outgoing first)
    {
        var length = 0;
        for (var next = first; next is not null && length + next.Size <= MaxTogether; next = _first)
        {
            next.Bytes.Span.CopyTo(buffer.AsSpan(length));
            length += next.Size;
            if (next != first)
            {
                Dequeue();
            }
        }

        return length;
    }

    private void Enqueue(Outgoing call)
    {
        _bytes += call.Size;
        if (_first is null)
        {
            _first = call;
        }
        else
        {
            (_others ??= new()).Enqueue(call);
        }
    }

    private void EnqueueFirst(Outgoing? call)
    {
        if (call is null)
        {
            return;
        }

        var waiting = _first is null ? null : new Queue<Outgoing>([_first, .. _others ?? []]);
        (_first, _others) = (call, waiting);
        _bytes += call.Size;
    }

    private void Release()
    {
        answer?.Release();
        _isOpen = true;
    }

    private void Dequeue()
    {
        _bytes -= _first!.Size;
        if (_others?.TryDequeue(out _first) != true)
        {
            (_first, _others) = (null, null);
        }
    }

    private void CloseWith(Outgoing? last) => (_isClosed, _first, _others, _bytes) = (true, last, null, last?.Size ?? 0);
}
