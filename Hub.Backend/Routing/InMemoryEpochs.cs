using RealtimeHub.Operations;

namespace RealtimeHub.Routing;

/// <summary>Epochs in this process's memory, with the same promises as in Redis for the one node that there is.</summary>
internal sealed class InMemoryEpochs(TimeProvider time) : IEpochs
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Address, UserEpoch> _users = [];
    private readonly SweepInterval _sweep = new(TimeSpan.FromMinutes(1));

    public Task<long> LastAsync(Address user)
    {
        lock (_lock)
        {
            return Task.FromResult(_users.TryGetValue(user, out var epoch) ? epoch.Last : 0);
        }
    }

    public Task<long> RaiseAsync(Address user, string? session = null)
    {
        lock (_lock)
        {
            return Task.FromResult(Open(user).Raise(time.GetUtcNow(), session));
        }
    }

    public Task BanAsync(Address user, DateTimeOffset until, string? reason = null)
    {
        lock (_lock)
        {
            Open(user).Ban(time.GetUtcNow(), until, reason);
            return Task.CompletedTask;
        }
    }

    public Task UnbanAsync(Address user)
    {
        lock (_lock)
        {
            _users.GetValueOrDefault(user)?.Unban();
            return Task.CompletedTask;
        }
    }

    /// <summary>Enters a connection, unless it is refused, in one step: nothing is raised, and nobody else enters, in between.</summary>
    public AttachResult Enter(Address user, ConnectionDetails? details, Func<AttachResult> enter)
    {
        lock (_lock)
        {
            return _users.GetValueOrDefault(user)?.RefusalOf(details, time.GetUtcNow()) ?? enter();
        }
    }

    private UserEpoch Open(Address user)
    {
        var now = time.GetUtcNow();
        if (_sweep.TryTake(now))
        {
            foreach (var (idle, _) in _users.Where(entry => entry.Value.IsOver(now)).ToList())
            {
                _users.Remove(idle);
            }
        }

        if (!_users.TryGetValue(user, out var epoch))
        {
            _users[user] = epoch = new UserEpoch();
        }

        return epoch;
    }
}
