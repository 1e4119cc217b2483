using System.Collections.Concurrent;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;
using StackExchange.Redis;

namespace RealtimeHub.Nodes;

/// <summary>Takes out of the directory what dead nodes have left there. Every node looks for them.</summary>
/// <remarks>
/// Several nodes may sweep the same dead one at once; to take out twice is harmless. A node that was only taken for dead enters itself
/// again with its next heartbeat, and what a sweeper takes out even then comes back with the next look at quiet addresses.
/// </remarks>
internal sealed partial class RedisSweeper(
    RedisConnection redis, RedisKeys keys, RecordedEvents recorded, TimeProvider time, ILogger<RedisSweeper> logger)
{
    /// <summary>
    /// When a dead node is swept a second time. What it sent last may be on its way for longer than its life is remembered: its kernel
    /// tries to deliver it for two minutes.
    /// </summary>
    internal static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(5);

    private const int AtOnce = 256;

    private static readonly DateTimeOffset Never = DateTimeOffset.MaxValue;

    private readonly IDatabase _database = redis.Database;
    private readonly ConcurrentDictionary<NodeId, DateTimeOffset> _secondSweeps = new();

    public async Task SweepTheDeadAsync(NodeId self)
    {
        var dead = await FindTheDeadAsync(self);
        foreach (var gone in _secondSweeps.Keys.Except(dead))
        {
            _secondSweeps.TryRemove(gone, out _);
        }

        foreach (var node in dead)
        {
            await SweepTwiceAsync(node);
        }
    }

    /// <summary>Takes out all that a node has attached, and then the node.</summary>
    /// <returns>False if something was noted by a later version: it stays for a node that can read it, and the node stays listed.</returns>
    public async Task<bool> SweepAsync(NodeId node)
    {
        await TakeOutAsync(node, isFirstSweep: false);
        if (await _database.KeyExistsAsync(keys.Attached(node.Value)).OrUnavailable(redis))
        {
            return false;
        }

        await _database.SetRemoveAsync(keys.Nodes, node.Value).OrUnavailable(redis);
        return true;
    }

    private async Task<List<NodeId>> FindTheDeadAsync(NodeId self)
    {
        var listed = await _database.SetMembersAsync(keys.Nodes).OrUnavailable(redis);
        var others = listed.Select(id => new NodeId(id!)).Where(node => node != self).ToList();
        var alive = await Task.WhenAll(others.Select(node => _database.KeyExistsAsync(keys.Node(node.Value)).OrUnavailable(redis)));
        return [.. others.Where((_, index) => !alive[index])];
    }

    private async Task SweepTwiceAsync(NodeId dead)
    {
        var now = time.GetUtcNow();
        if (!_secondSweeps.TryGetValue(dead, out var second))
        {
            Log.Sweeping(logger, dead);
            await TakeOutAsync(dead, isFirstSweep: true);
            _secondSweeps[dead] = now + Aftermath;
        }
        else if (second <= now && await SweepAsync(dead))
        {
            _secondSweeps.TryRemove(dead, out _);
        }
        else if (second <= now)
        {
            _secondSweeps[dead] = Never;
        }
    }

    private async Task TakeOutAsync(NodeId node, bool isFirstSweep)
    {
        await foreach (var notes in _database.HashScanAsync(keys.Attached(node.Value), pageSize: AtOnce).Chunk(AtOnce))
        {
            await Task.WhenAll(notes.Select(note => DirectoryEntry.Parse(node, note.Name!, note.Value)).OfType<DirectoryEntry>()
                .Select(entry => entry.RemoveAsync(redis, keys, recorded.OfPresence, mayBeOnItsWay: isFirstSweep)));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Node {Node} has died. Taking its connections out of the directory.", EventName = "SweepingNode")]
        public static partial void Sweeping(ILogger logger, NodeId node);
    }
}
