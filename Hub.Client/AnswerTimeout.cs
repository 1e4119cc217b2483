namespace RealtimeHub.Client;

/// <summary>Waits for answers of others, up to a time limit.</summary>
internal sealed class AnswerTimeout(TimeProvider time)
{
    /// <summary>As long as the hub waits for the handshake of a new connection.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(15);

    /// <summary>How long the closing handshake may take.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    /// <inheritdoc cref="WaitAsync{T}"/>
    public Task WaitAsync(Func<CancellationToken, Task> work, string whom, TimeSpan limit, CancellationToken stop) => WaitAsync(
        async token =>
        {
            await work(token);
            return true;
        },
        whom,
        limit,
        stop);

    /// <summary>
    /// Ends as <paramref name="work"/> does, unless it is stopped or the time is up first. What the work throws after that is ignored.
    /// </summary>
    /// <param name="work">What is waited for.</param>
    /// <param name="whom">Who is to answer, for the message.</param>
    /// <param name="limit">When the time is up.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="ConnectionException">The time is up.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<T> WaitAsync<T>(Func<CancellationToken, Task<T>> work, string whom, TimeSpan limit, CancellationToken stop)
    {
        using var timeIsUp = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeIsUp.Token, stop);
        try
        {
            return await Observed(work(either.Token)).WaitAsync(either.Token);
        }
        catch (Exception) when (either.IsCancellationRequested)
        {
            stop.ThrowIfCancellationRequested();
            throw new ConnectionException($"{whom} did not answer within {limit.TotalSeconds:0} seconds.");
        }
    }

    /// <summary>Waits for a task to end, at most five seconds, and ignores its result.</summary>
    public async Task EndAsync(Task ending) =>
        await Observed(ending).WaitAsync(CloseTimeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Marks the exception of a task as observed, for a task that perhaps nobody waits for.</summary>
    public static TTask Observed<TTask>(TTask task)
        where TTask : Task
    {
        _ = task.ContinueWith(
            static ended => _ = ended.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }
}
