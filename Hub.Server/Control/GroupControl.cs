using RealtimeHub.Nodes;
using RealtimeHub.Routing;

namespace RealtimeHub.Control;

/// <summary>
/// Changes the store first, and then has the nodes look that the directory names: a connection that comes meanwhile finds the change as it
/// is entered.
/// </summary>
internal sealed class GroupControl(ILastingGroups groups, IConnectionDirectory directory, NodeRequests requests) : IGroupControl
{
    public async Task<GroupChange> AddAsync(string user, string group, DateTimeOffset? until = null)
    {
        var (address, lasting) = (Address.User(user), new LastingGroup(Address.Group(group), InMilliseconds(until)));
        return await groups.AddAsync(address, lasting)
            ? await ApplyAsync(user)
            : throw new GroupsFullException();
    }

    public async Task<GroupChange> RemoveAsync(string user, string group)
    {
        await groups.RemoveAsync(Address.User(user), Address.Group(group));
        return await ApplyAsync(user);
    }

    public async Task<IReadOnlyList<UserGroup>> ListAsync(string user) =>
    [
        .. (await groups.OfAsync(Address.User(user))).Select(
            lasting => new UserGroup { Group = lasting.Group.Name, Until = lasting.Until }),
    ];

    private static DateTimeOffset? InMilliseconds(DateTimeOffset? time) =>
        time is { } until ? DateTimeOffset.FromUnixTimeMilliseconds(until.ToUnixTimeMilliseconds()) : null;

    private async Task<GroupChange> ApplyAsync(string user)
    {
        var connections = (await directory.ConnectionsOfAsync([Address.User(user)])).Single();
        var nodes = connections.Select(connection => connection.Node).Distinct();
        await Task.WhenAll(nodes.Select(node => requests.AskIfAliveAsync(node, new ApplyGroups(user))));
        return new GroupChange { Connections = connections.Count };
    }
}
