using System.Globalization;

namespace RealtimeHub.Routing.Events;

/// <summary>The events of one user that wait in memory, in order.</summary>
internal sealed class WaitingEvents(long turn)
{
    private readonly LinkedList<QueuedEvent> _events = new();
    private long _last;

    /// <summary>When they may be sent next, in milliseconds since 1970: until then somebody has leased them, or they are to wait.</summary>
    public long Turn { get; set; } = turn;

    public bool IsEmpty => _events.Count == 0;

    /// <returns>How many of the oldest had to go.</returns>
    public int Add(IReadOnlyList<HubEvent> events, int most)
    {
        foreach (var added in events)
        {
            _events.AddLast(new QueuedEvent((++_last).ToString(CultureInfo.InvariantCulture), added));
        }

        var gone = Math.Max(0, _events.Count - most);
        for (var left = gone; left > 0; left--)
        {
            _events.RemoveFirst();
        }

        return gone;
    }

    public List<QueuedEvent> First(int most) => [.. _events.Take(most)];

    public void Remove(string place)
    {
        var found = _events.First;
        while (found is not null && found.Value.Place != place)
        {
            found = found.Next;
        }

        if (found is not null)
        {
            _events.Remove(found);
        }
    }
}
