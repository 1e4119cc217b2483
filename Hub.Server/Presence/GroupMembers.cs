using RealtimeHub.Delivery;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;

namespace RealtimeHub.Presence;

/// <summary>Who is in a group: the directory says on which nodes, and each of them who is there.</summary>
internal sealed class GroupMembers(IConnectionDirectory directory, NodeRequests requests, ConnectionRegistry registry)
{
    /// <remarks>
    /// Each node gives its first users behind the cursor, one more than fit on the page. Whoever is among the first of all is among the
    /// first of each node that has him: so the page is exact, and so are its numbers.
    /// </remarks>
    public async Task<UserStatusPage> ListAsync(Address group, string? after, int limit)
    {
        var asked = new ListMembers(group, limit + 1) { After = after };
        var answers = await Task.WhenAll((await directory.NodesOfAsync(group)).Select(node => AskAsync(node, asked)));
        var users = First(answers.SelectMany(answer => answer), after, limit + 1);
        return users.Length > limit ? new UserStatusPage(users[..limit], users[limit - 1].User) : new UserStatusPage(users, Next: null);
    }

    /// <summary>Tells another node who is here.</summary>
    public Task HandleAsync(ListMembers asked) => requests.TellAsync(
        asked, () => First(Here(asked.Group), asked.After, asked.Limit), PresenceJson.Default.UserStatusArray);

    // If it has died since, its connections have died with it.
    private async Task<UserStatus[]> AskAsync(NodeId node, ListMembers asked) =>
        await requests.AskAsync(node, asked, PresenceJson.Default.UserStatusArray) ?? [];

    private IEnumerable<UserStatus> Here(Address group) =>
        registry.TryFind(group, out var local)
            ? local.Members.Where(member => member.User is not null).Select(member => UserStatus.Of(member.User!.Value.Name, 1))
            : [];

    private static UserStatus[] First(IEnumerable<UserStatus> users, string? after, int count) =>
    [
        .. users.Where(user => string.CompareOrdinal(user.User, after) > 0)
            .GroupBy(user => user.User, user => user.ConnectionCount, StringComparer.Ordinal)
            .OrderBy(user => user.Key, StringComparer.Ordinal)
            .Take(count)
            .Select(user => UserStatus.Of(user.Key, user.Sum())),
    ];
}
