namespace RealtimeHub.Tokens;

/// <summary>One question that answers for all who came before it was put: while one is under way, who comes waits for the next, together.</summary>
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
