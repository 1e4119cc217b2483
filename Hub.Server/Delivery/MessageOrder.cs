using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>
/// How far the log of an address has come on this node, and what is next: each message names the one before it. Messages may come by two
/// ways, twice and in another order. Whoever uses it holds the lock of its address.
/// </summary>
/// <remarks>
/// What is early is held until what comes before it is there: at most 64 messages, for a quarter of a second, and then until the next look
/// at what is due, every quarter. Then a gap takes the place of what is missing, so that clients ask for it.
/// </remarks>
internal sealed class MessageOrder
{
    /// <summary>The most messages that are held.</summary>
    public const int MaxHeld = 64;

    /// <summary>The most delivered messages that are remembered, to know them when they come again.</summary>
    public const int MaxRemembered = 128;

    /// <summary>The longest that a message is held.</summary>
    public static readonly TimeSpan HoldTime = TimeSpan.FromMilliseconds(250);

    private readonly Queue<Cursor> _delivered = new();

    // The earliest first.
    private List<RoutedMessage>? _held;
    private DateTimeOffset _heldUntil;

    // All from this offset up to the head was delivered.
    private ulong _unbrokenFrom;

    /// <summary>
    /// The id of the last message that this node has seen or heard of; null before the first look at the log. It moves back only where the
    /// log itself does: when Redis says so, or gives out an offset again.
    /// </summary>
    public Cursor? Head { get; private set; }

    /// <summary>Until when the earliest of what is held is held; null if nothing is.</summary>
    public DateTimeOffset? HeldUntil => _held is [_, ..] ? _heldUntil : null;

    /// <summary>Takes note of where the log is, whatever this node thought.</summary>
    public void MoveTo(Cursor head)
    {
        if (head.Offset < Head?.Offset)
        {
            _delivered.Clear();
        }

        (Head, _unbrokenFrom) = (head, head.Offset + 1);
    }

    /// <summary>
    /// Takes note of a message. One that is <see cref="MessagePlace.Next"/> or <see cref="MessagePlace.Unexpected"/> is to be delivered
    /// now.
    /// </summary>
    public MessagePlace Observe(RoutedMessage message, DateTimeOffset now)
    {
        // What follows the head is not looked for among what was delivered: none of that lies ahead of the head.
        if ((message.After != Head || message.IsGap) && PlaceByMemory(message) is { } known)
        {
            return known;
        }

        var place = PlaceOf(message);
        if (place == MessagePlace.Early)
        {
            Hold(message, now);
        }
        else
        {
            Deliver(message, place);
        }

        return place;
    }

    /// <summary>
    /// What was held and is to be delivered now: because what came before it is there, or the head has passed it; or the gap before it,
    /// because it was held for too long.
    /// </summary>
    public RoutedMessage? TakeHeld(DateTimeOffset now)
    {
        if (_held is not [var earliest, ..])
        {
            return null;
        }

        var place = PlaceOf(earliest);
        if (place == MessagePlace.Early)
        {
            return IsOverdue(now) ? Skip(earliest) : null;
        }

        _heldUntil = IsOverdue(now) ? _heldUntil : now + HoldTime;
        _held.RemoveAt(0);
        Deliver(earliest, place);
        return earliest;
    }

    /// <summary>Whether it was delivered before; null if it was not.</summary>
    private MessagePlace? PlaceByMemory(RoutedMessage message)
    {
        foreach (var delivered in _delivered)
        {
            if (delivered == message.Id)
            {
                return MessagePlace.Known;
            }

            if (delivered.Offset == message.Id.Offset)
            {
                StartAgainAt(message.Id);
                return MessagePlace.Unexpected;
            }
        }

        return message.IsGap && message.Id == Head ? MessagePlace.Known
            : _unbrokenFrom <= message.Id.Offset && message.Id.Offset <= Head?.Offset ? MessagePlace.Passed
            : null;
    }

    /// <remarks>A head that Redis has told is not delivered: its message may still be on its way.</remarks>
    private MessagePlace PlaceOf(RoutedMessage message)
    {
        if (Head is not { } head || message.After == head || message.Id == head)
        {
            return MessagePlace.Next;
        }

        var isAhead = message.After!.Value.Offset > head.Offset;
        return !isAhead ? MessagePlace.Unexpected : message.IsGap ? MessagePlace.Next : MessagePlace.Early;
    }

    private void Deliver(RoutedMessage message, MessagePlace place)
    {
        if (place == MessagePlace.Next)
        {
            _unbrokenFrom = message.After == Head ? _unbrokenFrom : message.Id.Offset;
            Head = message.Id;
        }

        Remember(message.Id);
    }

    /// <summary>Redis has lost what it gave this offset to before, and all that came after it.</summary>
    private void StartAgainAt(Cursor id)
    {
        _delivered.Clear();
        MoveTo(id);
        Remember(id);
    }

    private void Remember(Cursor id)
    {
        if (_delivered.Count == MaxRemembered)
        {
            _delivered.Dequeue();
        }

        _delivered.Enqueue(id);
    }

    private void Hold(RoutedMessage message, DateTimeOffset now)
    {
        _held ??= [];
        if (_held.Count == 0)
        {
            _heldUntil = now + HoldTime;
        }

        var place = _held.FindIndex(held => held.Id.Offset >= message.Id.Offset);
        if (place < 0)
        {
            _held.Add(message);
        }
        else if (_held[place].Id != message.Id)
        {
            _held.Insert(place, message);
        }
    }

    private bool IsOverdue(DateTimeOffset now) => _heldUntil <= now || _held?.Count > MaxHeld;

    private RoutedMessage Skip(RoutedMessage to)
    {
        MoveTo(to.After!.Value);
        return RoutedMessage.Gap(to.Address, to.After!.Value);
    }
}
