namespace RealtimeHub.Client.Handling;

/// <summary>A lock with which tasks can wait until a condition is true.</summary>
internal sealed class AsyncMonitor
{
    private TaskCompletionSource? _change;

    public Lock Lock { get; } = new();

    /// <summary>To be called under the lock, after each change that somebody may wait for.</summary>
    public void Pulse()
    {
        _change?.SetResult();
        _change = null;
    }

    /// <summary>Returns once <paramref name="holds"/> has been true. It is called under the lock.</summary>
    public async Task WaitAsync(Func<bool> holds, CancellationToken cancellationToken)
    {
        while (NextChange(holds) is { } change)
        {
            await change.WaitAsync(cancellationToken);
        }
    }

    private Task? NextChange(Func<bool> holds)
    {
        lock (Lock)
        {
            return holds() ? null : (_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
