namespace RealtimeHub.Routing;

/// <summary>The groups that last in this process's memory, with the same promises as in Redis for the one node that there is.</summary>
internal sealed class InMemoryLastingGroups(TimeProvider time) : ILastingGroups
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Address, LastingGroup[]> _users = [];

    public Task<bool> AddAsync(Address user, LastingGroup group)
    {
        lock (_lock)
        {
            var others = Without(user, group.Group);
            var hasRoom = others.Length < ILastingGroups.MaxGroups;
            if (hasRoom)
            {
                _users[user] = [.. others, group];
            }

            return Task.FromResult(hasRoom);
        }
    }

    public Task RemoveAsync(Address user, Address group)
    {
        lock (_lock)
        {
            var others = Without(user, group);
            if (others.Length > 0)
            {
                _users[user] = others;
            }
            else
            {
                _users.Remove(user);
            }

            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<LastingGroup>> OfAsync(Address user)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<LastingGroup>>(
                [.. Of(user).OrderBy(group => group.Group.ToString(), StringComparer.Ordinal)]);
        }
    }

    private LastingGroup[] Without(Address user, Address group) => [.. Of(user).Where(other => other.Group != group)];

    private IEnumerable<LastingGroup> Of(Address user)
    {
        var now = time.GetUtcNow();
        return _users.GetValueOrDefault(user, []).Where(group => !group.IsOver(now));
    }
}
