namespace RealtimeHub.Routing.Events;

/// <summary>Events in this process's memory, with the same promises as in Redis for as long as it runs.</summary>
internal sealed class InMemoryEventQueue(TimeProvider time) : IEventQueue
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Address, WaitingEvents> _users = [];

    public Task<int> AddAsync(Address user, IReadOnlyList<HubEvent> events)
    {
        lock (_lock)
        {
            if (!_users.TryGetValue(user, out var waiting))
            {
                _users[user] = waiting = new WaitingEvents(Now);
            }

            return Task.FromResult(waiting.Add(events, IEventQueue.MostOfUser));
        }
    }

    public Task<IReadOnlyList<EventLease>> LeaseAsync(int most, TimeSpan time)
    {
        lock (_lock)
        {
            var now = Now;
            var until = now + (long)time.TotalMilliseconds;
            var due = _users.Where(user => user.Value.Turn <= now).OrderBy(user => user.Value.Turn).Take(most).ToList();
            due.ForEach(user => user.Value.Turn = until);
            return Task.FromResult<IReadOnlyList<EventLease>>([.. due.Select(user => new EventLease(user.Key, until))]);
        }
    }

    public Task<IReadOnlyList<QueuedEvent>> ReadAsync(Address user, int most)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<QueuedEvent>>(
                _users.TryGetValue(user, out var waiting) ? waiting.First(most) : []);
        }
    }

    public Task RemoveAsync(Address user, string place)
    {
        lock (_lock)
        {
            _users.GetValueOrDefault(user)?.Remove(place);
            return Task.CompletedTask;
        }
    }

    public Task ReleaseAsync(EventLease lease, TimeSpan wait)
    {
        lock (_lock)
        {
            if (!_users.TryGetValue(lease.User, out var waiting) || waiting.Turn != lease.Until)
            {
                return Task.CompletedTask;
            }

            if (waiting.IsEmpty)
            {
                _users.Remove(lease.User);
            }
            else
            {
                waiting.Turn = Now + (long)wait.TotalMilliseconds;
            }

            return Task.CompletedTask;
        }
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();
}
