namespace RealtimeHub.Client.Handling;

/// <summary>How far the handlers have come, at the user's address and those of groups. Nothing is told for everyone.</summary>
internal sealed class HandledFloors(TimeProvider time)
{
    private const string Everyone = "everyone";

    /// <summary>For so long a connection may seem open after its end.</summary>
    private static readonly TimeSpan MayBeLost = TimeSpan.FromSeconds(30);

    private readonly AsyncMonitor _monitor = new();
    private readonly Dictionary<string, Floor> _floors = new(StringComparer.Ordinal);
    private bool _isAskedFor;

    /// <summary>The handlers of a message have ended.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isHandled">Whether none has failed.</param>
    public void Add(PushMessage message, bool isHandled)
    {
        if (message.After is not { } after || message.Address == Everyone)
        {
            return;
        }

        lock (_monitor.Lock)
        {
            // What is not right behind the last has come over a gap.
            if (!_floors.TryGetValue(message.Address, out var floor) || floor.Last != after)
            {
                floor = _floors[message.Address] = new Floor(after);
            }

            floor.Add(message.Id, isHandled);
            _isAskedFor |= message.IsReceiptAwaited;
            _monitor.Pulse();
        }
    }

    /// <summary>Returns when there is something to tell the hub.</summary>
    public Task NewsAsync(CancellationToken cancellationToken) =>
        _monitor.WaitAsync(() => _floors.Values.Any(floor => floor.IsNews), cancellationToken);

    /// <summary>Returns when the publisher of a handled message waits for that, or when the time is up.</summary>
    public async Task AskedForAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var end = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
        try
        {
            await _monitor.WaitAsync(() => _isAskedFor, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is up.
        }
    }

    /// <summary>A new connection begins: what was told shortly before, the hub may not have.</summary>
    public void Repeat()
    {
        lock (_monitor.Lock)
        {
            foreach (var floor in _floors.Values)
            {
                floor.Repeat(since: time.GetUtcNow() - MayBeLost);
            }

            _monitor.Pulse();
        }
    }

    /// <summary>What the hub was not told yet.</summary>
    public IReadOnlyDictionary<string, HandledAddress> Tell()
    {
        lock (_monitor.Lock)
        {
            _isAskedFor = false;
            return _floors.Where(floor => floor.Value.IsNews)
                .ToDictionary(floor => floor.Key, floor => floor.Value.Tell(time.GetUtcNow()), StringComparer.Ordinal);
        }
    }
}
