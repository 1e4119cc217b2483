using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>What stands between a start and the end of what it started.</summary>
internal sealed class Run(Mailbox mailbox, CancellationTokenSource stop)
{
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the first connection stands, or with the reason why none will.</summary>
    public Task Connected => _connected.Task;

    /// <summary>Why the last attempt failed.</summary>
    public PushException? LastError { get; set; }

    /// <summary>Goes on beside the caller's thread, which may be that of a user interface.</summary>
    /// <returns>What ends when the last connection is closed.</returns>
    public Task Begin(ConnectionLoop loop) => Task.Run(() => loop.RunAsync(stop.Token));

    public void SetConnected() => _connected.TrySetResult();

    /// <summary>From the moment of the call nothing is received any more.</summary>
    public void End(PushException reason)
    {
        mailbox.Close();
        _connected.TrySetException(reason);
        _ = AnswerTimeout.Observed(_connected.Task);
        _ = stop.CancelAsync();
    }
}
