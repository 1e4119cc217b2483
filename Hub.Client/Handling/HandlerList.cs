using System.Collections.Immutable;

namespace RealtimeHub.Client.Handling;

/// <summary>Who is told of one kind of event, in the order of their adding.</summary>
internal sealed class HandlerList<THandler>
{
    private ImmutableList<Registration> _registrations = [];

    /// <summary>
    /// Those to call now, one after the other: one that is removed by an earlier one is not called any more, and one that is added
    /// meanwhile not yet.
    /// </summary>
    public IEnumerable<THandler> Current =>
        Volatile.Read(ref _registrations).Where(registration => !registration.IsRemoved).Select(registration => registration.Handler);

    /// <summary>Adding a handler twice has it called twice; disposing of what this returns takes one of the two out again.</summary>
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
