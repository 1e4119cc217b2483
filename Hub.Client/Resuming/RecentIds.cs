namespace RealtimeHub.Client.Resuming;

/// <summary>
/// The last 256 ids of one address. They show whether a message comes a second time, live and by <c>Resume</c>, or on two connections.
/// </summary>
internal sealed class RecentIds
{
    private const int Capacity = 256;

    private readonly Queue<string> _order = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    public void Add(string id) => TryAdd(id);

    /// <returns>Whether it is new.</returns>
    public bool TryAdd(string id)
    {
        if (!_ids.Add(id))
        {
            return false;
        }

        _order.Enqueue(id);
        if (_order.Count > Capacity)
        {
            _ids.Remove(_order.Dequeue());
        }

        return true;
    }

    public bool Contains(string id) => _ids.Contains(id);
}
