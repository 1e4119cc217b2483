using System.Diagnostics.CodeAnalysis;

namespace RealtimeHub.Client.Handling;

/// <summary>Tells of each state in the order in which they came about, one at a time, whichever thread brings them.</summary>
internal sealed class StateFeed(HandlerErrors errors)
{
    private readonly Lock _lock = new();
    private readonly Queue<StateChange> _untold = new();
    private readonly HandlerList<Action<StateChange>> _handlers = new();
    private bool _isTelling;

    public PushState State { get; private set; }

    public IDisposable Add(Action<StateChange> handler) => _handlers.Add(handler);

    /// <summary>Records a change. It is told by <see cref="Tell"/>, which must not be called under a lock.</summary>
    public void Change(PushState state, PushException? error = null, TimeSpan? retryIn = null)
    {
        lock (_lock)
        {
            _untold.Enqueue(new StateChange(state, State, error, retryIn));
            State = state;
        }
    }

    /// <summary>Calls the handlers, unless a caller before is still at it: then that one goes on with what is new.</summary>
    public void Tell()
    {
        while (TryBegin(out var change))
        {
            foreach (var handler in _handlers.Current)
            {
                Call(handler, change);
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

    private void Call(Action<StateChange> handler, StateChange change)
    {
        try
        {
            handler(change);
        }
        catch (Exception error)
        {
            errors.Report(error);
        }
    }
}
