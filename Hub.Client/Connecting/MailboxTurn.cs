using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>
/// One connection's way into the mailbox, which takes from one connection at a time. What comes before its turn waits for it. When another
/// has its turn, the durable messages of this one come on that too, so only transient ones are still taken.
/// </summary>
internal sealed class MailboxTurn(Mailbox mailbox)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _haveHeadsCome;
    private volatile bool _isOver;

    private bool HasTurn => _turn.Task.IsCompleted && !_isOver;

    public void TakeOver()
    {
        lock (_lock)
        {
            mailbox.BeginConnection();
            if (_haveHeadsCome)
            {
                mailbox.ExpectHeads();
            }

            _turn.TrySetResult();
        }
    }

    /// <summary>The turn is over, or will never come: nothing waits for it any more.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _isOver = true;
            _turn.TrySetResult();
        }
    }

    /// <summary>Heads have come over the wire, and will be taken as soon as it is their turn.</summary>
    public void ExpectHeads()
    {
        lock (_lock)
        {
            _haveHeadsCome = true;
            if (HasTurn)
            {
                mailbox.ExpectHeads();
            }
        }
    }

    public async Task TakeHeadsAsync(IReadOnlyDictionary<string, string> heads)
    {
        await _turn.Task;
        lock (_lock)
        {
            if (HasTurn)
            {
                mailbox.TakeHeads(heads);
            }
        }
    }

    /// <summary>The connection is in a group, whose log ends there.</summary>
    public void Join(string address, string? head)
    {
        lock (_lock)
        {
            if (HasTurn && head is not null)
            {
                mailbox.Join(address, head);
            }
        }
    }

    /// <summary>The connection is in a group no more.</summary>
    public void LeaveGroup(string address)
    {
        lock (_lock)
        {
            if (HasTurn)
            {
                mailbox.LeaveGroup(address);
            }
        }
    }

    public Task ReceiveAsync(Envelope message)
    {
        if (!_turn.Task.IsCompleted)
        {
            return ReceiveLaterAsync(message);
        }

        Receive(message);
        return Task.CompletedTask;
    }

    private async Task ReceiveLaterAsync(Envelope message)
    {
        await _turn.Task;
        Receive(message);
    }

    private void Receive(Envelope message)
    {
        if (message.IsTransient || !_isOver)
        {
            mailbox.Receive(message);
        }
    }
}
