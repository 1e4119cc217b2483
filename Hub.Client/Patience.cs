namespace RealtimeHub.Client;

/// <summary>Waits 15 seconds, as long as the hub waits for the handshake of a new connection, and no longer.</summary>
internal sealed class Patience(TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <inheritdoc cref="WaitAsync{T}"/>
    public Task WaitAsync(Func<CancellationToken, Task> work, CancellationToken stop) => WaitAsync(
        async token =>
        {
            await work(token);
            return true;
        },
        stop);

    /// <summary>Ends as <paramref name="work"/> does, unless it is stopped or the time is up before.</summary>
    /// <exception cref="ConnectionException">The time is up.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<T> WaitAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            return await work(either.Token).WaitAsync(either.Token);
        }
        catch (Exception) when (either.IsCancellationRequested)
        {
            stop.ThrowIfCancellationRequested();
            throw new ConnectionException($"There was no answer within {Limit.TotalSeconds:0} seconds.");
        }
    }
}
