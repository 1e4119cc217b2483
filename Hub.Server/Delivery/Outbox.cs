using Microsoft.AspNetCore.SignalR;

namespace RealtimeHub.Delivery;

/// <summary>
/// The way out to one client. Whoever writes never waits: what the client is too slow for waits here, up to a megabyte, and beyond that the
/// connection ends.
/// </summary>
internal sealed class Outbox(HubConnectionContext context, Action onOverflow)
{
    /// <summary>The most bytes that wait.</summary>
    internal const int Capacity = 1024 * 1024;

    private readonly Lock _lock = new();
    private Queue<Outgoing>? _waiting;
    private int _bytes;
    private bool _isWriting;
    private bool _isClosed;

    /// <summary>Writes now, or as soon as the client has taken what came before.</summary>
    public void Write(Outgoing call)
    {
        switch (Accept(call))
        {
            case Turn.Now: _ = DrainAsync(context.WriteAsync(call.Message)); break;
            case Turn.Never: onOverflow(); break;
        }
    }

    /// <summary>Writes this ahead of all that waits, and nothing after it.</summary>
    public void Close(Outgoing call)
    {
        if (TryClose(call))
        {
            _ = DrainAsync(context.WriteAsync(call.Message));
        }
    }

    /// <returns>Whether the caller is to write it; if not, it comes next.</returns>
    private bool TryClose(Outgoing call)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            _isClosed = true;
            if (_isWriting)
            {
                _waiting = new([call]);
                return false;
            }

            return _isWriting = true;
        }
    }

    private Turn Accept(Outgoing call)
    {
        lock (_lock)
        {
            if (!_isWriting)
            {
                _isWriting = true;
                return Turn.Now;
            }

            if (_isClosed)
            {
                return Turn.Later;
            }

            _bytes += call.Size;
            if (_bytes > Capacity)
            {
                _isClosed = true;
                _waiting = null;
                return Turn.Never;
            }

            (_waiting ??= new()).Enqueue(call);
            return Turn.Later;
        }
    }

    // A write that fails closes the connection, and does not throw.
    private async Task DrainAsync(ValueTask write)
    {
        await write;
        while (Next() is { } next)
        {
            await context.WriteAsync(next.Message);
        }
    }

    private Outgoing? Next()
    {
        lock (_lock)
        {
            if (_waiting?.TryDequeue(out var next) == true)
            {
                _bytes -= next.Size;
                return next;
            }

            // Closed, it goes on as if it were writing: nothing after a gap may get out.
            _isWriting = _isClosed;
            return null;
        }
    }

    private enum Turn
    {
        Now,
        Later,
        Never,
    }
}
