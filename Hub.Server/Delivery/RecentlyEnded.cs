using RealtimeHub.Routing;

namespace RealtimeHub.Delivery;

/// <summary>The connections of this node that ended last: as many as it has room for, and no more.</summary>
internal sealed class RecentlyEnded
{
    private const int Capacity = 2_048;

    private readonly Lock _lock = new();
    private readonly EndedConnection?[] _latest = new EndedConnection?[Capacity];
    private int _next;

    public void Add(EndedConnection ended)
    {
        lock (_lock)
        {
            _latest[_next] = ended;
            _next = (_next + 1) % Capacity;
        }
    }

    /// <summary>Those of a user, the last first.</summary>
    public IReadOnlyList<EndedConnection> Of(Address user)
    {
        lock (_lock)
        {
            return [.. _latest.OfType<EndedConnection>().Where(ended => ended.User == user).OrderByDescending(ended => ended.EndedAt)];
        }
    }
}
