using RealtimeHub.Authentication;
using RealtimeHub.Routing;

namespace RealtimeHub.Presence;

/// <summary>Reads the directory for those who ask from outside.</summary>
internal sealed class ConnectionReader(IConnectionDirectory directory, GroupMembers members, NodeOverview nodes) : IConnections
{
    public async Task<UserConnections> GetAsync(string user)
    {
        var found = (await directory.ConnectionsOfAsync([Address.User(user)])).Single();
        UserConnection[] connections = [.. found.Select(Shown).OrderBy(connection => connection.Since)];
        return new UserConnections(user, connections.Length > 0, connections);
    }

    public async Task<IReadOnlyList<UserStatus>> GetStatusAsync(IReadOnlyList<string> users)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(users.Count, IConnections.MaxUsers, nameof(users));
        var found = await directory.ConnectionsOfAsync([.. users.Select(Address.User)]);
        return [.. users.Zip(found, (user, connections) => UserStatus.Of(user, connections.Count))];
    }

    public async Task<UserStatusPage> ListAsync(string? cursor = null, int limit = 100)
    {
        ThrowIfNoPage(limit);
        var page = await directory.UsersAsync(cursor, limit);
        var users = page.Users.Where(user => !CanaryUsers.IsNamedLikeOne(user.Key.Name));
        return new UserStatusPage([.. users.Select(user => UserStatus.Of(user.Key.Name, user.Value.Count))], page.Next);
    }

    public Task<UserStatusPage> ListMembersAsync(string group, string? cursor = null, int limit = 100)
    {
        ThrowIfNoPage(limit);
        return members.ListAsync(Address.Group(group), cursor, limit);
    }

    public Task<IReadOnlyList<NodeStatus>> ListNodesAsync() => nodes.ListAsync();

    private static UserConnection Shown(AttachedConnection connection) => new()
    {
        Id = connection.Id,
        Node = connection.Node.Value,
        Since = connection.Details?.Since,
        Transport = connection.Details?.Transport,
        Client = connection.Details?.Client,
        Session = connection.Details?.Session,
        Expires = connection.Details?.Expires,
        Labels = connection.Details?.Labels ?? [],
    };

    private static void ThrowIfNoPage(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IConnections.MaxUsers);
    }
}
