using RealtimeHub.Redis;
using StackExchange.Redis;

namespace RealtimeHub.Routing;

/// <summary>
/// Finds connections in what each node has noted for those who sweep it: to be found costs a connection nothing when it opens.
/// </summary>
internal sealed class ConnectionLocator(RedisConnection redis, RedisKeys keys)
{
    private readonly IDatabase _database = redis.Database;

    /// <remarks>
    /// Two round trips: which nodes there are, and then of all of them at once whether they live, and which of the connections they have.
    /// </remarks>
    public async Task<IReadOnlyDictionary<string, NodeId>> LocateAsync(IReadOnlyList<string> connectionIds)
    {
        var fields = Array.ConvertAll([.. connectionIds], id => (RedisValue)id);
        var nodes = await _database.SetMembersAsync(keys.Nodes).OrUnavailable(redis);
        var found = await Task.WhenAll(nodes.Select(node => FindAtAsync(new NodeId(node!), fields)));
        var located = new Dictionary<string, NodeId>(StringComparer.Ordinal);
        foreach (var entry in found.SelectMany(entries => entries))
        {
            located[entry.ConnectionId] = entry.Node;
        }

        return located;
    }

    private async Task<IEnumerable<DirectoryEntry>> FindAtAsync(NodeId node, RedisValue[] connectionIds)
    {
        var isAlive = _database.KeyExistsAsync(keys.Node(node.Value)).OrUnavailable(redis);
        var notes = _database.HashGetAsync(keys.Attached(node.Value), connectionIds).OrUnavailable(redis);
        await Task.WhenAll(isAlive, notes);
        return await isAlive
            ? connectionIds.Zip(await notes, (id, note) => DirectoryEntry.Parse(node, id!, note))
                .OfType<DirectoryEntry>().Where(entry => entry.IsConnection)
            : [];
    }
}
