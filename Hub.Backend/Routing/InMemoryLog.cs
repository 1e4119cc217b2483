namespace RealtimeHub.Routing;

/// <summary>The log of one address in this process's memory. Whoever uses it holds <see cref="Lock"/>.</summary>
/// <remarks>
/// Offsets have no gaps and messages go from the old end only. So what came after a cursor is what has a higher offset, and nothing of it
/// is missing if the cursor is the head or a retained message came right after it.
/// </remarks>
internal sealed class InMemoryLog(RoutingOptions options, DateTimeOffset createdAt)
{
    private readonly Queue<Entry> _entries = [];
    private readonly Dictionary<string, Result> _results = new(StringComparer.Ordinal);
    private DateTimeOffset _forgetAt = DateTimeOffset.MaxValue;
    private bool _isForgotten;

    public Lock Lock { get; } = new();

    /// <summary>
    /// The id of the last message. The first head counts from the microsecond of its making, above every earlier log of the address.
    /// </summary>
    public Cursor Head { get; private set; } =
        new((ulong)((createdAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond), Cursor.RandomTag());

    /// <summary>Extends the log's life before it is used. False if it was already forgotten: take the new one in its place.</summary>
    public bool TryUse(DateTimeOffset now)
    {
        if (IsForgotten(now))
        {
            return false;
        }

        _forgetAt = now + options.MaxAge + RoutingOptions.HeadMemory;
        DropOld(now);
        return true;
    }

    /// <summary>Drops what is dead, and says whether that is the log itself.</summary>
    public bool Sweep(DateTimeOffset now)
    {
        DropOld(now);
        foreach (var (key, _) in _results.Where(result => result.Value.ForgetAt <= now))
        {
            _results.Remove(key);
        }

        return IsForgotten(now);
    }

    /// <summary>The id of the message that was published under the same idempotency key, as long as that is remembered.</summary>
    /// <exception cref="IdempotencyConflictException">That was another message.</exception>
    public Cursor? FirstOf(Envelope message, DateTimeOffset now) =>
        message.IdempotencyKey is not { } key || !_results.TryGetValue(key, out var first) || first.ForgetAt <= now ? null
        : first.Fingerprint == message.Fingerprint ? first.Id
        : throw new IdempotencyConflictException();

    public RoutedMessage Append(Envelope message, DateTimeOffset now)
    {
        var appended = new RoutedMessage(message.Address, new Cursor(Head.Offset + 1, Cursor.RandomTag()), Head, message.Body);
        Head = appended.Id;
        _entries.Enqueue(new Entry(appended, PublishedAt: now, DiesAt: now + message.TimeToLive, message.Publisher));
        if (_entries.Count > options.MaxMessages)
        {
            _entries.Dequeue();
        }

        if (message.IdempotencyKey is { } key)
        {
            _results[key] = new Result(Head, message.Fingerprint, now + RoutingOptions.IdempotencyMemory);
        }

        return appended;
    }

    public LogPage Read(Cursor? after, int maxBytes, DateTimeOffset now) =>
        Read(after, recovered: after == Head || _entries.Any(entry => entry.Message.After == after), maxBytes, now);

    public LogPage ReadRetained(int maxBytes, DateTimeOffset now) => Read(after: null, recovered: true, maxBytes, now);

    /// <summary>What is known of one message.</summary>
    public LogEntry Find(Cursor id, DateTimeOffset now)
    {
        foreach (var entry in _entries.Where(entry => entry.Message.Id == id))
        {
            return new LogEntry(entry.DiesAt <= now ? LogEntryState.Expired : LogEntryState.Stored)
            {
                Message = entry.Message,
                PublishedAt = entry.PublishedAt,
                TimeToLive = entry.DiesAt - entry.PublishedAt,
                Publisher = entry.PublisherName,
            };
        }

        var isOlder = id.Offset <= Head.Offset && (!_entries.TryPeek(out var oldest) || id.Offset < oldest.Message.Id.Offset);
        return new LogEntry(isOlder ? LogEntryState.Trimmed : LogEntryState.Unknown);
    }

    /// <summary>Its newest messages, and how many were published of late.</summary>
    public LogTail Tail(int limit, DateTimeOffset now) => new(
        PublishedAfter(now - TimeSpan.FromMinutes(1)), PublishedAfter(now - TimeSpan.FromMinutes(15)),
        [.. _entries.Skip(_entries.Count - limit).Reverse().Select(entry => entry.ToTail())]);

    private int PublishedAfter(DateTimeOffset time) => _entries.Count(entry => entry.PublishedAt > time);

    private LogPage Read(Cursor? after, bool recovered, int maxBytes, DateTimeOffset now)
    {
        var messages = new List<RoutedMessage>();
        var (room, last) = (maxBytes, Head);
        foreach (var entry in _entries.SkipWhile(entry => entry.Message.Id.Offset <= after?.Offset))
        {
            if (entry.DiesAt is null || entry.DiesAt > now)
            {
                room -= entry.Message.Body.Length;
                if (room < 0 && messages.Count > 0)
                {
                    return new LogPage(recovered, last, messages, More: true);
                }

                messages.Add(entry.Message);
            }

            last = entry.Message.Id;
        }

        return new LogPage(recovered, Head, messages, More: false);
    }

    private void DropOld(DateTimeOffset now)
    {
        while (_entries.TryPeek(out var oldest) && oldest.PublishedAt + options.MaxAge <= now)
        {
            _entries.Dequeue();
        }
    }

    // Once and for all, even if the clock is set back: another log may have begun.
    private bool IsForgotten(DateTimeOffset now) => _isForgotten |= _forgetAt <= now;

    private readonly record struct Entry(RoutedMessage Message, DateTimeOffset PublishedAt, DateTimeOffset? DiesAt, string? Publisher)
    {
        public string? PublisherName => Publisher is { } encoded ? Uri.UnescapeDataString(encoded) : null;

        public TailEntry ToTail() => new(
            Message.Id, PublishedAt, DiesAt - PublishedAt, PublisherName, Message.Body.Length,
            Message.Body[..Math.Min(Message.Body.Length, TailEntry.MaxOpening)]);
    }

    /// <summary>What the first publish under an idempotency key answered.</summary>
    private readonly record struct Result(Cursor Id, string Fingerprint, DateTimeOffset ForgetAt);
}
