using RealtimeHub.Client.Joining;
using RealtimeHub.Client.Receipts;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>A stay with the hub: on one connection, and without a gap on those to which it moves.</summary>
internal sealed class Stay(
    OpenConnection connection, Resumer resumer, JoinedGroups groups, Renewer renewer, Mover mover,
    ReceiptSender receipts, TimeProvider time) : IAsyncDisposable
{
    /// <summary>
    /// A connection that drops sooner than this counts as a failed attempt. Otherwise clients would attack a hub that drops everyone.
    /// </summary>
    private static readonly TimeSpan HoldsAfter = TimeSpan.FromSeconds(5);

    private readonly List<Task> _closing = [];
    private OpenConnection _connection = connection;
    private OpenConnection? _before;
    private long? _since;

    /// <summary>Whether it was long enough that its end counts as a new failure, and waits begin anew.</summary>
    public bool Held => _since is { } since && time.GetElapsedTime(since) >= HoldsAfter;

    /// <summary>When something last came in.</summary>
    public DateTimeOffset LastReceived => _connection.LastReceived;

    /// <summary>
    /// Returns when it is over, or must be given up because it could not resume. The result is the reason, if there is one.
    /// </summary>
    /// <param name="connected">Called when the connection stands and nothing from before it is missing.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<PushException?> RunAsync(Action connected, CancellationToken stop)
    {
        while (true)
        {
            var (next, failure) = await UseAsync(connected, stop);
            if (next is null)
            {
                return ReasonOf(failure);
            }

            _connection.Leave();
            (_before, _connection) = (_connection, next);
        }
    }

    /// <summary>Closes what is still open.</summary>
    public async ValueTask DisposeAsync()
    {
        CloseBefore();
        _closing.Add(_connection.DisposeAsync().AsTask());
        await Task.WhenAll(_closing);
    }

    /// <summary>
    /// Returns when the connection is over, or there is one that follows it. An attempt to open that is waited for in any case.
    /// </summary>
    private async Task<(OpenConnection? Next, Exception? Failure)> UseAsync(Action connected, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_connection.Closed, stop);
        var renewing = renewer.RunAsync(_connection, over.Token);
        var telling = receipts.RunAsync(_connection.TellHandledAsync, over.Token);
        var moving = mover.MoveAsync(_connection, over.Token, stop);
        var keepingUp = KeepUpAsync(connected, over.Token);
        await Task.WhenAny(keepingUp, moving);
        await over.CancelAsync();
        await Task.WhenAll(renewing, telling);
        return (await moving, await keepingUp);
    }

    /// <returns>Why it has ended.</returns>
    private async Task<Exception?> KeepUpAsync(Action connected, CancellationToken over)
    {
        try
        {
            _connection.TakeOver();
            await resumer.HeadsAsync(over);
            await FollowAsync(connected, over);
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
        finally
        {
            groups.Unfollow();
        }
    }

    /// <summary>
    /// Ends when a call of <c>Resume</c> has failed, or one that joins a group as the connection opens. The two do not wait for each other:
    /// a call of <c>Resume</c> may wait for a handler of messages, and that for a group.
    /// </summary>
    private async Task FollowAsync(Action connected, CancellationToken over)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(over);
        var membership = groups.Follow(new GroupCalls(_connection.JoinAsync, _connection.LeaveAsync));
        Task[] both = [groups.RunAsync(membership, end.Token), ResumeAsync(membership, connected, end.Token)];
        await Task.WhenAny(both);
        await end.CancelAsync();
        await Task.WhenAll(both);
    }

    private async Task ResumeAsync(Membership membership, Action connected, CancellationToken over)
    {
        await resumer.BeginAsync(_connection.ResumeAsync, over);
        await membership.Joined.WaitAsync(over);
        await resumer.CatchUpAsync(_connection.ResumeAsync, over);
        CloseBefore();
        if (_since is null)
        {
            _since = time.GetTimestamp();
            connected();
        }

        await resumer.KeepUpAsync(_connection.ResumeAsync, over);
    }

    private void CloseBefore()
    {
        if (_before is { } before)
        {
            _before = null;
            _closing.Add(before.DisposeAsync().AsTask());
        }
    }

    /// <summary>What the hub has said comes first; it ends calls that wait for an answer before it ends the connection.</summary>
    private PushException? ReasonOf(Exception? failure) =>
        _connection.Reason is EndedException end ? end
        : failure is { } and not OperationCanceledException ? PushException.From(failure)
        : _since is not null ? _connection.Reason
        : new ConnectionException("The connection closed while it was being opened.");
}
