namespace RealtimeHub.Tokens;

/// <summary>Callers share one answer: while a question is in flight, later callers wait together for the next one.</summary>
internal sealed class SharedWait<T>(Func<Task<T>> ask)
{
    private readonly Lock _lock = new();
    private Task _underWay = Task.CompletedTask;
    private Task<T>? _next;

    /// <summary>The answer to a question that is put after this call.</summary>
    public Task<T> AskAsync()
    {
        lock (_lock)
        {
            return _next ??= AskAfterAsync(_underWay);
        }
    }

    private async Task<T> AskAfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task<T> asked;
        lock (_lock)
        {
            _next = null;
            asked = ask();
            _underWay = asked;
        }

        return await asked;
    }
}
