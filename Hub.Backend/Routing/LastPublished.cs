using System.Collections.Concurrent;
using RealtimeHub.Operations;

namespace RealtimeHub.Routing;

/// <summary>
/// The ids that Redis has lately answered to this process's publishing, by address. The next publish shows it, so that Redis notices if it
/// has lost it in between. Kept for a minute: by then a replica has it, or nobody will miss it.
/// </summary>
internal sealed class LastPublished(TimeProvider time)
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Address, Entry> _entries = new();
    private readonly SweepInterval _sweep = new(Memory);

    public Cursor? LastAt(Address address) => _entries.TryGetValue(address, out var entry) ? entry.Id : null;

    /// <summary>Takes note of what Redis has answered when it was shown an id, unless a later answer has come first.</summary>
    public Cursor Remember(Address address, Cursor? shown, Cursor id)
    {
        var now = time.GetUtcNow();
        _entries.AddOrUpdate(
            address,
            static (_, answer) => answer.Entry,
            static (_, last, answer) => last.Id == answer.Shown || last.Id.Offset < answer.Entry.Id.Offset ? answer.Entry : last,
            (Shown: shown, Entry: new Entry(id, now)));
        if (_sweep.TryTake(now))
        {
            foreach (var old in _entries.Where(entry => entry.Value.At + Memory <= now))
            {
                _entries.TryRemove(old);
            }
        }

        return id;
    }

    private readonly record struct Entry(Cursor Id, DateTimeOffset At);
}
