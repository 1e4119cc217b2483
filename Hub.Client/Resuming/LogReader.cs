using RealtimeHub.Client.Handling;

namespace RealtimeHub.Client.Resuming;

/// <summary>Where the client stands in the log of one address, and what becomes of each message by the rules of the protocol.</summary>
/// <remarks>
/// The position is the last message that was put into the queue; the cursor that an application sees follows as the handlers come on.
/// A <c>Resume</c> answers with all that was appended before it was called: of what comes before the call nothing is kept, and only what
/// comes during it is held, to be looked at afterwards.
/// </remarks>
internal sealed class LogReader(string address, string? position, HandlingQueue queue)
{
    private readonly RecentIds _recent = new();
    private readonly HeldMessages _held = new();
    private bool _isInCall;
    private string? _headDuringCall;

    public string Address => address;

    public string? Position { get; private set; } = position;

    /// <summary>Something is missing after <see cref="Position"/>, or may be.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>Where the client was is not known any more: what came after may never come, and that has yet to be announced.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Throws the position away.</summary>
    public void Lose() => (Position, IsLost) = (null, true);

    /// <summary>
    /// Takes a position from elsewhere. One that is there already is kept: it is older, and nothing after it must be skipped.
    /// </summary>
    public void Adopt(string? cursor)
    {
        if (Position is null && !IsLost && cursor is not null)
        {
            MoveTo(cursor);
        }
    }

    /// <summary>The address is none of the connection's own any more. What was handled stays known, in case it comes once more.</summary>
    public void Forget()
    {
        (Position, IsLost) = (null, false);
        queue.Add(new QueueEntry.Moved(address, null));
        EndCall();
    }

    /// <summary>The connection is a new one: all that came before it is to be asked for.</summary>
    public void FallBehind() => (_isInCall, IsBehind) = (false, true);

    public void Receive(Envelope message)
    {
        if (message.IsTransient)
        {
            TakeTransient(message);
        }
        else if (_isInCall)
        {
            _held.Add(message);
        }
        else if (!IsBehind)
        {
            Apply(message);
        }
    }

    /// <summary>Compares the position with the head of the log as the hub tells it.</summary>
    public void Compare(string head)
    {
        if (_isInCall)
        {
            _headDuringCall = head;
        }
        else if (Position is null && !IsBehind)
        {
            Adopt(head);
        }
        else
        {
            IsBehind |= head != Position;
        }
    }

    /// <summary>A call of <c>Resume</c>, or of its next page, is about to be sent.</summary>
    public void BeginCall()
    {
        _isInCall = true;
        IsBehind = false;
        _headDuringCall = null;
        _held.BeginCall();
    }

    /// <summary>What a page has for this address.</summary>
    public void Take(ResumedAddress answer)
    {
        if (!answer.Recovered || IsLost)
        {
            queue.Add(new QueueEntry.Lost(address));
            _held.MarkStale();
            IsLost = false;
        }

        foreach (var message in answer.Messages)
        {
            Take(message);
        }

        MoveTo(answer.Cursor);
    }

    /// <summary>The last page has been taken in.</summary>
    public void EndCall()
    {
        _isInCall = false;
        IsBehind = _held.IsUseless && Position is not null;
        foreach (var message in _held.TakeAll())
        {
            Receive(message);
        }

        if (_headDuringCall is { } head)
        {
            Compare(head);
        }
    }

    /// <remarks>
    /// A message that was handled before is known first of all: after a loss the position may be the one that it came after, once more.
    /// What finds no room in the queue, or does not tell its id, is still in the log.
    /// </remarks>
    private void Apply(Envelope message)
    {
        if (message.Id is { } id && (id == Position || _recent.Contains(id)))
        {
            return;
        }

        Adopt(message.After);
        if (queue.HasRoom && (Position is null || (message.Id is not null && message.After == Position)))
        {
            Take(message);
        }
        else
        {
            IsBehind = true;
        }
    }

    /// <summary>It is of this moment, so it waits for no call; and where the queue has no room for it, it is gone.</summary>
    private void TakeTransient(Envelope message)
    {
        if (queue.HasRoom)
        {
            Take(message);
        }
    }

    private void Take(Envelope envelope)
    {
        var id = envelope.IsTransient ? null : envelope.Id;
        queue.Add(envelope.Message is { } message ? new QueueEntry.Message(message) : new QueueEntry.Unreadable(address, id));
        if (id is not null)
        {
            Position = id;
            _recent.Add(id);
        }
    }

    private void MoveTo(string cursor)
    {
        if (Position != cursor)
        {
            Position = cursor;
            queue.Add(new QueueEntry.Moved(address, cursor));
        }
    }
}
