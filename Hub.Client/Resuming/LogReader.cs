using RealtimeHub.Client.Handling;

namespace RealtimeHub.Client.Resuming;

/// <summary>The client's position in the log of one address, and the protocol's rules for each message that comes.</summary>
/// <remarks>
/// The position is the last message that was put into the queue. The cursor that an application sees follows when the handlers have run.
/// A <c>Resume</c> answers with everything that was appended before the call. So messages that come before the call need not be kept, and
/// only those that come during it are held and looked at afterwards.
/// </remarks>
internal sealed class LogReader(string address, string? position, HandlingQueue queue)
{
    private readonly RecentIds _recent = new();
    private readonly RecentIds _recentTransient = new();
    private readonly HeldMessages _held = new();
    private bool _isInCall;
    private string? _headDuringCall;

    public string Address => address;

    public string? Position { get; private set; } = position;

    /// <summary>Whether something after <see cref="Position"/> is missing, or may be.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>
    /// Whether the position was thrown away, so that messages after it may never come. This loss is still to be announced.
    /// </summary>
    public bool IsLost { get; private set; }

    /// <summary>Throws the position away.</summary>
    public void Lose() => (Position, IsLost) = (null, true);

    /// <summary>
    /// Takes a position from elsewhere, unless there is one already: that is older, and nothing after it must be skipped.
    /// </summary>
    public void Adopt(string? cursor)
    {
        if (Position is null && !IsLost && cursor is not null)
        {
            MoveTo(cursor);
        }
    }

    /// <summary>A new connection gets what comes after this message.</summary>
    public void BeginAt(string head)
    {
        IsBehind = Position is not null && Position != head;
        if (IsLost)
        {
            AnnounceLoss();
        }

        Adopt(head);
    }

    /// <summary>The address no longer belongs to the connection. Handled messages stay known, in case they come again.</summary>
    public void Forget()
    {
        (Position, IsLost) = (null, false);
        queue.Add(new QueueEntry.Moved(address, null));
        EndCall();
    }

    /// <summary>A new connection begins: everything from before it must be asked for.</summary>
    public void FallBehind()
    {
        Drop();
        (_isInCall, IsBehind) = (false, true);
    }

    /// <summary>The connection has joined the group, and gets what comes after this message.</summary>
    public void Join(string head)
    {
        if (Position is not null)
        {
            Compare(head);
            return;
        }

        if (IsLost)
        {
            AnnounceLoss();
        }

        Adopt(head);
    }

    /// <summary>Drops what has come during a call.</summary>
    public void Drop()
    {
        _held.BeginCall();
        _headDuringCall = null;
    }

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
        Drop();
    }

    /// <summary>Takes what a page holds for this address.</summary>
    public void Take(ResumedAddress answer)
    {
        if (!answer.Recovered || IsLost)
        {
            _held.MarkStale();
            AnnounceLoss();
        }

        // A log that seemed to have lost its end may have it after all.
        foreach (var message in answer.Messages.Where(message => !IsKnown(message.Id)))
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
    /// Whether a message was handled before is checked first: after a loss, the position may again be the one before it. A message for
    /// which the queue has no room, or whose id is unknown, is still in the log.
    /// </remarks>
    private void Apply(Envelope message)
    {
        if (message.Id is { } id && (id == Position || IsKnown(id)))
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

    /// <summary>
    /// A transient message does not wait for a call. If the queue has no room for it, it is gone. While the client moves from one
    /// connection to another, it comes on both.
    /// </summary>
    private void TakeTransient(Envelope message)
    {
        if (queue.HasRoom && (message.Id is null || _recentTransient.TryAdd(message.Id)))
        {
            Take(message);
        }
    }

    private bool IsKnown(string? id) => id is not null && _recent.Contains(id);

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

    private void AnnounceLoss()
    {
        queue.Add(new QueueEntry.Lost(address));
        IsLost = false;
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
