using RealtimeHub.Redis;
using RealtimeHub.Routing;
using StackExchange.Redis;

namespace RealtimeHub.Nodes;

/// <summary>Takes out of the directory what dead nodes have left there. Every node looks for them.</summary>
/// <remarks>
/// Two nodes may sweep the same dead one at once; to take out twice is harmless. A node that was only taken for dead enters itself again
/// with its next heartbeat, and what a sweeper takes out even then comes back with the next look at quiet addresses.
/// </remarks>
internal sealed partial class RedisSweeper(RedisConnection redis, RedisKeys keys, ILogger<RedisSweeper> logger)
{
    private const int AtOnce = 256;

    private readonly IDatabase _database = redis.Database;

    public async Task SweepTheDeadAsync(NodeId self)
    {
        var listed = await _database.SetMembersAsync(keys.Nodes).OrUnavailable();
        var others = listed.Select(id => new NodeId(id!)).Where(node => node != self).ToList();
        var alive = await Task.WhenAll(others.Select(node => _database.KeyExistsAsync(keys.Node(node.Value)).OrUnavailable()));
        foreach (var dead in others.Where((_, index) => !alive[index]))
        {
            Log.Sweeping(logger, dead);
            await SweepAsync(dead);
        }
    }

    /// <summary>Takes out all that a node has attached, and then the node.</summary>
    public async Task SweepAsync(NodeId node)
    {
        var attached = keys.Attached(node.Value);
        await foreach (var notes in _database.HashScanAsync(attached, pageSize: AtOnce).Chunk(AtOnce))
        {
            await Task.WhenAll(notes.Select(note => DirectoryEntry.Parse(node, note.Name!, note.Value)).OfType<DirectoryEntry>()
                .Select(entry => entry.RemoveAsync(_database, keys)));
        }

        await _database.KeyDeleteAsync(attached).OrUnavailable();
        await _database.SetRemoveAsync(keys.Nodes, node.Value).OrUnavailable();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Node {Node} has died. Taking its connections out of the directory.", EventName = "SweepingNode")]
        public static partial void Sweeping(ILogger logger, NodeId node);
    }
}
