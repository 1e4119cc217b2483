using System.Diagnostics.CodeAnalysis;

namespace RealtimeHub.Client.Handling;

/// <summary>
/// Announces states one at a time, in the order in which they occurred, on whatever thread they occur. An end by the hub is announced just
/// before the state that it leads to.
/// </summary>
internal sealed class StateFeed(HandlerErrors errors)
{
    private readonly Lock _lock = new();
    private readonly Queue<StateChange> _untold = new();
    private readonly HandlerList<Func<StateChange, Task>> _handlers = new();
    private readonly HandlerList<Func<ConnectionEnd, Task>> _endHandlers = new();
    private bool _isTelling;

    public PushState State { get; private set; }

    public IDisposable Add(Func<StateChange, Task> handler) => _handlers.Add(handler);

    public IDisposable Add(Func<ConnectionEnd, Task> handler) => _endHandlers.Add(handler);

    /// <summary>Records a change. <see cref="Tell"/> announces it, and must not be called under a lock.</summary>
    public void Change(PushState state, PushException? error = null, TimeSpan? retryIn = null)
    {
        lock (_lock)
        {
            _untold.Enqueue(new StateChange(state, State, error, retryIn));
            State = state;
        }
    }

    /// <summary>
    /// Calls the handlers, unless an earlier caller is still doing so: then that one also announces what is new. Tasks of handlers are not
    /// awaited, because a handler may itself wait for the connection.
    /// </summary>
    public void Tell() => _ = TellAsync();

    private async Task TellAsync()
    {
        while (TryBegin(out var change))
        {
            if (change.Error is EndedException end)
            {
                await CallAsync(_endHandlers, new ConnectionEnd(end.Code, end.Reason, end.MayComeBack)).ConfigureAwait(false);
            }

            await CallAsync(_handlers, change).ConfigureAwait(false);
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

    private async Task CallAsync<TEvent>(HandlerList<Func<TEvent, Task>> handlers, TEvent happened)
    {
        foreach (var handler in handlers.Current)
        {
            try
            {
                await handler(happened).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                await errors.ReportAsync(error).ConfigureAwait(false);
            }
        }
    }
}
