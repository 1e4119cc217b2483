using System.Diagnostics.Metrics;

namespace RealtimeHub.Routing;

/// <summary>
/// Counts what is rare and matters, by the kind of its address. It can be read from the beginning: a series that begins with 1 hides the
/// first from whoever looks at how it grows.
/// </summary>
internal sealed class KindCounter
{
    private long _users;
    private long _groups;
    private long _everyone;

    public KindCounter(Meter meter, string name, string unit, string description) => meter.CreateObservableCounter(
        name,
        () => (Measurement<long>[])[
            new(Volatile.Read(ref _users), KindTag.User), new(Volatile.Read(ref _groups), KindTag.Group),
            new(Volatile.Read(ref _everyone), KindTag.Everyone),
        ],
        unit, description);

    public void Add(Address address) =>
        Interlocked.Increment(ref address.IsUser ? ref _users : ref address.IsGroup ? ref _groups : ref _everyone);
}
