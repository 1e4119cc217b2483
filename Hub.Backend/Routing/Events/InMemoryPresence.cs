namespace RealtimeHub.Routing.Events;

/// <summary>Presence in this process's memory, for the one node that there is.</summary>
internal sealed class InMemoryPresence(IEventQueue queue, RecordedEvents recorded, TimeProvider time) : IPresence
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Address, int> _connections = [];
    private readonly Dictionary<Address, DateTimeOffset> _leaving = [];

    /// <summary>One more connection of a user is there.</summary>
    public void Come(Address user)
    {
        if (!recorded.OfPresence)
        {
            return;
        }

        lock (_lock)
        {
            _connections[user] = _connections.GetValueOrDefault(user) + 1;
            if (!_leaving.Remove(user) && _connections[user] == 1)
            {
                Tell(user, EventType.UserOnline);
            }
        }
    }

    /// <summary>One of them is gone.</summary>
    public void Leave(Address user)
    {
        if (!recorded.OfPresence)
        {
            return;
        }

        lock (_lock)
        {
            _connections[user]--;
            if (_connections[user] == 0)
            {
                _connections.Remove(user);
                _leaving[user] = time.GetUtcNow() + IPresence.Grace;
            }
        }
    }

    public Task<int> ConcludeAsync(int most)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var gone = _leaving.Where(user => user.Value <= now).Select(user => user.Key).Take(most).ToList();
            foreach (var user in gone)
            {
                _leaving.Remove(user);
                Tell(user, EventType.UserOffline);
            }

            return Task.FromResult(gone.Count);
        }
    }

    // What is in memory has it at once.
    private void Tell(Address user, string type) => _ = queue.AddAsync(user, [HubEvent.Of(type, time.GetUtcNow())]);
}
