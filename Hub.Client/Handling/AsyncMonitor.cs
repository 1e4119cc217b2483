namespace RealtimeHub.Client.Handling;

/// <summary>A lock under which tasks can wait until something holds.</summary>
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

    /// <summary>Returns when <paramref name="holds"/>, which is asked under the lock, has been true.</summary>
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
