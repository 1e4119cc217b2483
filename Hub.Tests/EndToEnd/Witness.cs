using System.Collections.Concurrent;
using System.Text;

namespace RealtimeHub.Tests.EndToEnd;

/// <summary>What one client has handled and was told is lost, by address, in its order; and what is wrong with that.</summary>
/// <param name="name">Who it is, for messages.</param>
/// <param name="addresses">What it may get.</param>
internal sealed class Witness(string name, IReadOnlyCollection<string> addresses)
{
    private const int DeedsTold = 10;

    private readonly ConcurrentDictionary<string, ConcurrentQueue<Event>> _events = new();
    private readonly ConcurrentQueue<string> _deeds = new();

    public string Name => name;

    public IReadOnlyCollection<string> Addresses => addresses;

    /// <summary>What it was told is lost.</summary>
    public IEnumerable<string> Losses => _events.SelectMany(
        entry => entry.Value.Where(happened => happened.Id is null).Select(_ => $"{name} was told of a loss at {entry.Key}"));

    public void Handle(string address, string id, int number) => At(address).Enqueue(new Event(id, number));

    public void Lose(string address) => At(address).Enqueue(new Event(null, 0));

    /// <summary>Something that it did, such as to reconnect, and why.</summary>
    public void Do(string deed) => _deeds.Enqueue($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {deed}");

    /// <summary>What it last saw and did, for who reads of a failure.</summary>
    /// <param name="lastOf">The number of the last message that was published to an address.</param>
    public string Story(Func<string, int> lastOf)
    {
        var story = new StringBuilder($"{name}\n");
        foreach (var address in addresses)
        {
            var events = At(address).ToArray();
            var last = events.LastOrDefault(happened => happened.Id is not null);
            story.Append($"  {address}: last saw {last.Number} ({last.Id ?? "nothing"}) of {lastOf(address)}, was told of {events.Count(happened => happened.Id is null)} losses\n");
        }

        return story.AppendJoin('\n', _deeds.TakeLast(DeedsTold).Select(deed => $"  {deed}")).ToString();
    }

    /// <summary>Whether the last message of an address has come.</summary>
    public bool HasSeen(string address, int number) => At(address).Any(happened => happened.Number == number);

    /// <summary>Everything that the protocol promises not to happen, and that has happened.</summary>
    public IEnumerable<string> Complaints() => _events.SelectMany(entry => addresses.Contains(entry.Key)
        ? ComplaintsAbout(entry.Key, entry.Value)
        : [$"{name} got mail of {entry.Key}"]);

    private IEnumerable<string> ComplaintsAbout(string address, IEnumerable<Event> events)
    {
        var ids = new HashSet<string>();
        var (last, lastId, isLossAnnounced) = (0, "", false);
        foreach (var (id, number) in events)
        {
            if (id is null)
            {
                isLossAnnounced = true;
                continue;
            }

            if (!ids.Add(id))
            {
                yield return $"{name} handled {number} of {address} twice ({id})";
            }

            if (number < last)
            {
                yield return $"{name} handled {number} of {address} after {last}";
            }

            if (last > 0 && number > last + 1 && !isLossAnnounced)
            {
                yield return $"{name} missed {last + 1} to {number - 1} of {address}, between {lastId} and {id}, and nobody told it";
            }

            (last, lastId, isLossAnnounced) = (number, id, false);
        }
    }

    private ConcurrentQueue<Event> At(string address) => _events.GetOrAdd(address, _ => new ConcurrentQueue<Event>());

    /// <summary>A message, or, without an id, a loss.</summary>
    private readonly record struct Event(string? Id, int Number);
}
