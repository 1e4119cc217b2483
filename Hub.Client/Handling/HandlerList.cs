using System.Collections.Immutable;

namespace RealtimeHub.Client.Handling;

/// <summary>The handlers of one kind of event, in the order in which they were added.</summary>
internal sealed class HandlerList<THandler>
{
    private ImmutableList<Registration> _registrations = [];

    /// <summary>
    /// The handlers to call now, one after the other. If an earlier handler removes a later one, that is not called any more; one that is
    /// added meanwhile is not called yet.
    /// </summary>
    public IEnumerable<THandler> Current =>
        Volatile.Read(ref _registrations).Where(registration => !registration.IsRemoved).Select(registration => registration.Handler);

    /// <summary>A handler that is added twice is called twice. Disposing the result removes one of the two.</summary>
    public IDisposable Add(THandler handler)
    {
        var registration = new Registration(this, handler);
        ImmutableInterlocked.Update(ref _registrations, list => list.Add(registration));
        return registration;
    }

    private sealed class Registration(HandlerList<THandler> list, THandler handler) : IDisposable
    {
        private volatile bool _isRemoved;

        public THandler Handler => handler;

        public bool IsRemoved => _isRemoved;

        public void Dispose()
        {
            _isRemoved = true;
            ImmutableInterlocked.Update(ref list._registrations, registrations => registrations.Remove(this));
        }
    }
}
