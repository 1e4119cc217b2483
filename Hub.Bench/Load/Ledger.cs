using HdrHistogram;

namespace RealtimeHub.Bench.Load;

/// <summary>
/// Which message was due when, and who got it: latencies run from when a message was due to be published, not from when it was. A message
/// bears its number as <c>{"n":7…</c> in its payload.
/// </summary>
internal sealed class Ledger
{
    private long[] _due = [];
    private int[] _deliveries = [];
    private int _audience;
    private long _awaited;
    private long _delivered;
    private int _duplicates;
    private int _unrecovered;
    private Timings _timings = new();
    private TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called for each delivery, with the message's number.</summary>
    public Action<LoadClient, int>? Delivered { get; set; }

    /// <summary>Called when the last of its audience got a message, with its number.</summary>
    public Action<int>? DeliveredToAll { get; set; }

    /// <summary>Whether clients keep the id of the last message that they got.</summary>
    public bool KeepsCursors { get; init; }

    /// <summary>From due to each delivery, in microseconds.</summary>
    public LongConcurrentHistogram Latencies => _timings.Each;

    /// <summary>From due to the last of a message's deliveries, in microseconds.</summary>
    public LongConcurrentHistogram Last => _timings.Last;

    public long Deliveries => Interlocked.Read(ref _delivered);

    /// <summary>Deliveries of a message that had reached its whole audience before.</summary>
    public int Duplicates => _duplicates;

    /// <summary>How often a client was told, as it came back, that something is gone.</summary>
    public int Unrecovered => _unrecovered;

    /// <summary>How many messages did not reach their whole audience.</summary>
    public int Lost => _deliveries.Count(deliveries => deliveries < _audience);

    /// <summary>Begins to count anew.</summary>
    /// <param name="messages">How many messages there will be at the most.</param>
    /// <param name="audience">How many clients shall get each.</param>
    public void Begin(int messages, int audience = 1)
    {
        (_due, _deliveries, _audience) = (new long[messages], new int[messages], audience);
        (_awaited, _delivered, _duplicates, _unrecovered) = ((long)messages * audience, 0, 0, 0);
        _timings = new();
        _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Notes that a message is due.</summary>
    public void Due(int number, long due) => Volatile.Write(ref _due[number], due);

    public bool IsDelivered(int number) => Volatile.Read(ref _deliveries[number]) > 0;

    /// <summary>Whether any of the messages with every so many'th number from this one on has come.</summary>
    public bool IsAnyDelivered(int number, int step)
    {
        while (number < _deliveries.Length && !IsDelivered(number))
        {
            number += step;
        }

        return number < _deliveries.Length;
    }

    /// <summary>Lets the first so many messages be due at one time, such as the beginning of a storm.</summary>
    public void MoveDue(int messages, long due) => Array.Fill(_due, due, 0, messages);

    /// <summary>
    /// Waits until everybody has everything, or for so long. What has not come by then counts with the time that it was waited for, so that
    /// losing is not fast.
    /// </summary>
    /// <returns>Whether everything came.</returns>
    public async Task<bool> CompleteAsync(TimeSpan deadline)
    {
        await _complete.Task.WaitAsync(deadline).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (var number = 0; number < _due.Length && !_complete.Task.IsCompleted; number++)
        {
            if (_due[number] > 0 && _deliveries[number] < _audience)
            {
                _timings.Add(_due[number], isLast: true, _audience - _deliveries[number]);
            }
        }

        return _complete.Task.IsCompleted;
    }

    public void Take(LoadClient client, ReadOnlySpan<byte> message)
    {
        var rest = message;
        if (MessageText.TryNextNumber(ref rest, out var number))
        {
            if (KeepsCursors)
            {
                client.Cursor = MessageText.CursorOf(message[..^rest.Length]) ?? client.Cursor;
            }

            Count(client, number);
        }
    }

    /// <summary>Takes the answer of a <c>Resume</c>.</summary>
    public void TakeAll(LoadClient client, ReadOnlySpan<byte> messages)
    {
        if (messages.IndexOf("\"recovered\":false"u8) >= 0)
        {
            Interlocked.Increment(ref _unrecovered);
        }

        if (KeepsCursors)
        {
            client.Cursor = MessageText.CursorIn(messages) ?? client.Cursor;
        }

        while (MessageText.TryNextNumber(ref messages, out var number))
        {
            Count(client, number);
        }
    }

    private void Count(LoadClient client, int number)
    {
        if (number >= _due.Length)
        {
            return;
        }

        var deliveries = Interlocked.Increment(ref _deliveries[number]);
        _timings.Add(Volatile.Read(ref _due[number]), isLast: deliveries == _audience);
        if (deliveries == _audience)
        {
            DeliveredToAll?.Invoke(number);
        }
        else if (deliveries > _audience)
        {
            Interlocked.Increment(ref _duplicates);
        }

        Delivered?.Invoke(client, number);
        if (Interlocked.Increment(ref _delivered) == _awaited)
        {
            _complete.TrySetResult();
        }
    }
}
