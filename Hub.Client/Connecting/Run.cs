using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>One run of the client, from its start to its end.</summary>
internal sealed class Run(Mailbox mailbox, CancellationTokenSource stop)
{
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first connection is open, or fails with the reason why there will be none.</summary>
    public Task Connected => _connected.Task;

    /// <summary>Why the last attempt failed.</summary>
    public PushException? LastError { get; set; }

    /// <summary>Starts the loop, away from the caller's thread, which may belong to a user interface.</summary>
    /// <returns>A task that ends when the last connection is closed.</returns>
    public Task Begin(ConnectionLoop loop) => Task.Run(() => loop.RunAsync(stop.Token));

    public void SetConnected() => _connected.TrySetResult();

    /// <summary>Receives nothing more from the moment of the call.</summary>
    public void End(PushException reason)
    {
        mailbox.Close();
        _connected.TrySetException(reason);
        _ = AnswerTimeout.Observed(_connected.Task);
        _ = stop.CancelAsync();
    }
}
