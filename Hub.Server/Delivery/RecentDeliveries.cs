using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>When this node has handed the latest messages to its connections: as many as it has room for, and no more.</summary>
internal sealed class RecentDeliveries
{
    private const int Capacity = 8_192;

    private readonly Lock _lock = new();
    private readonly (Address Address, Cursor Id, DateTimeOffset At)[] _latest = new (Address, Cursor, DateTimeOffset)[Capacity];
    private int _next;

    public void Add(Address address, ReadOnlySpan<RoutedMessage> messages, DateTimeOffset at)
    {
        lock (_lock)
        {
            foreach (var message in messages)
            {
                _latest[_next] = (address, message.Id, at);
                _next = (_next + 1) % Capacity;
            }
        }
    }

    /// <summary>When a message was handed over; null if it was not, or has been forgotten.</summary>
    public DateTimeOffset? TimeOf(Address address, Cursor id)
    {
        lock (_lock)
        {
            foreach (var (of, delivered, at) in _latest)
            {
                if (delivered == id && of == address)
                {
                    return at;
                }
            }
        }

        return null;
    }
}
