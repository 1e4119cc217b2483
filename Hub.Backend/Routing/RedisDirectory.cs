using RealtimeHub.Redis;
using StackExchange.Redis;

namespace RealtimeHub.Routing;

/// <summary>
/// Reads the directories of users, and what each node has noted for those who sweep it: to be found and to be listed costs a connection
/// nothing when it opens.
/// </summary>
internal sealed class RedisDirectory(RedisConnection redis, RedisKeys keys) : IConnectionDirectory
{
    /// <summary>So often a page looks for more: nodes note groups as well, and these are passed over.</summary>
    private const int ScansForOnePage = 8;

    private readonly IDatabase _database = redis.Database;

    /// <remarks>Two round trips: the directories, and then whether the nodes live that stand there.</remarks>
    public async Task<IReadOnlyList<IReadOnlyList<AttachedConnection>>> ConnectionsOfAsync(IReadOnlyList<Address> users)
    {
        var entered = await Task.WhenAll(users.Select(EnteredAtAsync));
        var named = entered.SelectMany(connections => connections.Select(connection => connection.Node)).Distinct().ToList();
        var alive = await AliveAmongAsync(named);
        return [.. entered.Select(connections => connections.FindAll(connection => alive.Contains(connection.Node)))];
    }

    /// <remarks>Node by node, of each what it has noted.</remarks>
    public async Task<UserPage> UsersAsync(string? cursor, int limit)
    {
        DirectoryPlace? place = cursor is null ? DirectoryPlace.First : DirectoryPlace.Parse(cursor);
        var nodes = (await NodesAsync()).OrderBy(node => node.Value, StringComparer.Ordinal).ToList();
        var users = new List<KeyValuePair<Address, IReadOnlyList<AttachedConnection>>>();
        for (var scans = 0; place is { } at && scans < ScansForOnePage && users.Count < limit; scans++)
        {
            var index = nodes.FindIndex(node => string.CompareOrdinal(node.Value, at.Node) >= 0);
            if (index < 0)
            {
                return new UserPage(users, Next: null);
            }

            var (scan, noted) = await ScanAsync(nodes[index], nodes[index].Value == at.Node ? at.Scan : 0, limit);
            users.AddRange(await FirstNotedAsync(noted));
            place = scan > 0 ? new DirectoryPlace(nodes[index].Value, scan)
                : index + 1 < nodes.Count ? new DirectoryPlace(nodes[index + 1].Value, 0)
                : null;
        }

        return new UserPage(users, place?.ToString());
    }

    /// <remarks>
    /// Two round trips: which nodes there are, and then of all of them at once whether they live, and which of the connections they have.
    /// </remarks>
    public async Task<IReadOnlyDictionary<string, NodeId>> LocateAsync(IReadOnlyList<string> connectionIds)
    {
        var fields = Array.ConvertAll([.. connectionIds], id => (RedisValue)id);
        var found = await Task.WhenAll((await ListedAsync()).Select(node => FindAtAsync(node, fields)));
        var located = new Dictionary<string, NodeId>(StringComparer.Ordinal);
        foreach (var entry in found.SelectMany(entries => entries))
        {
            located[entry.ConnectionId] = entry.Node;
        }

        return located;
    }

    public async Task<IReadOnlyList<NodeId>> NodesAsync() => [.. await AliveAmongAsync(await ListedAsync())];

    public async Task<IReadOnlyList<NodeId>> NodesOfAsync(Address group)
    {
        var nodes = await _database.HashKeysAsync(keys.Of(group.ToString()).Nodes).OrUnavailable(redis);
        return [.. await AliveAmongAsync(nodes.Select(id => new NodeId(id!)))];
    }

    private async Task<List<AttachedConnection>> EnteredAtAsync(Address user)
    {
        var entries = await _database.HashGetAllAsync(keys.Of(user.ToString()).Connections).OrUnavailable(redis);
        return [.. entries.Select(entry => DirectoryEntry.ParseConnection(entry.Name!, entry.Value)).OfType<AttachedConnection>()];
    }

    private async Task<(ulong Next, List<DirectoryEntry> Noted)> ScanAsync(NodeId node, ulong from, int about)
    {
        var answer = (RedisResult[])(await _database.ExecuteAsync("HSCAN", keys.Attached(node.Value), from, "COUNT", about).OrUnavailable(redis))!;
        var noted = ((RedisValue[])answer[1]!).Chunk(2).Select(note => DirectoryEntry.Parse(node, note[0]!, note[1]));
        return ((ulong)answer[0], [.. noted.OfType<DirectoryEntry>().Where(entry => entry.Address.IsUser)]);
    }

    // A user comes with the first of all his connections, and so only once.
    private async Task<IEnumerable<KeyValuePair<Address, IReadOnlyList<AttachedConnection>>>> FirstNotedAsync(List<DirectoryEntry> noted)
    {
        var ids = noted.Select(entry => entry.ConnectionId).ToHashSet(StringComparer.Ordinal);
        Address[] users = [.. noted.Select(entry => entry.Address).Distinct()];
        return users.Zip(await ConnectionsOfAsync(users), KeyValuePair.Create).Where(
            user => user.Value.Select(connection => connection.Id).Min(StringComparer.Ordinal) is { } first && ids.Contains(first));
    }

    private async Task<IEnumerable<DirectoryEntry>> FindAtAsync(NodeId node, RedisValue[] connectionIds)
    {
        var alive = IsAliveAsync(node);
        var notes = _database.HashGetAsync(keys.Attached(node.Value), connectionIds).OrUnavailable(redis);
        await Task.WhenAll(alive, notes);
        return await alive
            ? connectionIds.Zip(await notes, (id, note) => DirectoryEntry.Parse(node, id!, note))
                .OfType<DirectoryEntry>().Where(entry => entry.IsConnection)
            : [];
    }

    private async Task<IEnumerable<NodeId>> ListedAsync() =>
        (await _database.SetMembersAsync(keys.Nodes).OrUnavailable(redis)).Select(id => new NodeId(id!));

    private async Task<HashSet<NodeId>> AliveAmongAsync(IEnumerable<NodeId> nodes)
    {
        NodeId[] asked = [.. nodes];
        var alive = await Task.WhenAll(asked.Select(IsAliveAsync));
        return [.. asked.Where((_, index) => alive[index])];
    }

    private Task<bool> IsAliveAsync(NodeId node) => _database.KeyExistsAsync(keys.Node(node.Value)).OrUnavailable(redis);
}
