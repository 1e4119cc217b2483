using System.Diagnostics.CodeAnalysis;

namespace RealtimeHub.Client.Handling;

/// <summary>Tells of each state in the order in which they came about, one at a time, whichever thread brings them.</summary>
internal sealed class StateFeed(HandlerErrors errors)
{
    private readonly Lock _lock = new();
    private readonly Queue<StateChange> _untold = new();
    private readonly HandlerList<Func<StateChange, Task>> _handlers = new();
    private bool _isTelling;

    public PushState State { get; private set; }

    public IDisposable Add(Func<StateChange, Task> handler) => _handlers.Add(handler);

    /// <summary>Records a change. It is told by <see cref="Tell"/>, which must not be called under a lock.</summary>
    public void Change(PushState state, PushException? error = null, TimeSpan? retryIn = null)
    {
        lock (_lock)
        {
            _untold.Enqueue(new StateChange(state, State, error, retryIn));
            State = state;
        }
    }

    /// <summary>
    /// Calls the handlers, unless a caller before is still at it: then that one goes on with what is new. Nobody waits for a handler that
    /// goes on elsewhere, because it may wait for the connection itself.
    /// </summary>
    public void Tell() => _ = TellAsync();

    private async Task TellAsync()
    {
        while (TryBegin(out var change))
        {
            foreach (var handler in _handlers.Current)
            {
                await CallAsync(handler, change).ConfigureAwait(false);
            }

            End();
        }
    }

    private bool TryBegin([NotNullWhen(true)] out StateChange? change)
    {
        lock (_lock)
        {
            change = null;
            return !_isTelling && (_isTelling = _untold.TryDequeue(out change));
        }
    }

    private void End()
    {
        lock (_lock)
        {
            _isTelling = false;
        }
    }

    private async Task CallAsync(Func<StateChange, Task> handler, StateChange change)
    {
        try
        {
            await handler(change).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            await errors.ReportAsync(error).ConfigureAwait(false);
        }
    }
}
