using System.Diagnostics.Metrics;
using RealtimeHub.Operations;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using StackExchange.Redis;

namespace RealtimeHub.Nodes;

/// <summary>
/// Keeps this node in touch with Redis: shows every five seconds that it lives, makes sure that it would hear, sweeps the dead, and marks
/// every address stale when the node may have missed something, or Redis may have forgotten something.
/// </summary>
internal sealed partial class NodeHeartbeat(
    RedisConnection redis, RedisKeys keys, NodeId node, NodeSubscription subscription, RedisSweeper sweeper, TimeProvider time,
    IMeterFactory meters, ILogger<NodeHeartbeat> logger)
    : INodeChannel, IDisposable
{
    /// <summary>How long a node counts as living after its last heartbeat.</summary>
    internal static readonly TimeSpan Liveness = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan BetweenBeats = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly IDatabase _database = redis.Database;
    private readonly CancellationTokenSource _closing = new();
    private TaskCompletionSource _suspicion = NewSuspicion();
    private Task _beating = Task.CompletedTask;
    private bool _mayHaveMissed;
    private long _beat;
    private volatile RedisFault? _fault;

    /// <summary>Why the last heartbeat failed; null if this node would hear what is published to it.</summary>
    public RedisFault? Fault => _fault;

    public async Task OpenAsync(Inbox inbox)
    {
        redis.Multiplexer.ConnectionRestored += Suspect;
        redis.Multiplexer.ConfigurationChanged += Suspect;
        redis.Multiplexer.HashSlotMoved += Suspect;
        await subscription.OpenAsync(inbox);
        await BeatAsync(inbox);
        meters.ObserveState("realtimehub.redis.up", "Whether the node hears from Redis, by its last heartbeat.", () => _fault is null);
        _beating = KeepBeatingAsync(inbox);
    }

    public async Task CloseAsync()
    {
        redis.Multiplexer.ConnectionRestored -= Suspect;
        redis.Multiplexer.ConfigurationChanged -= Suspect;
        redis.Multiplexer.HashSlotMoved -= Suspect;
        await _closing.CancelAsync();
        await _beating;
        try
        {
            await subscription.CloseAsync();
            await sweeper.SweepAsync(node);
            await _database.KeyDeleteAsync(keys.Node(node.Value)).OrUnavailable(redis);
        }
        catch (Exception away) when (IsAway(away))
        {
            Log.LeftUnannounced(logger, Liveness.TotalSeconds);
        }
    }

    public void Dispose() => _closing.Dispose();

    private async Task KeepBeatingAsync(Inbox inbox)
    {
        while (!_closing.IsCancellationRequested)
        {
            await WaitAsync(_mayHaveMissed ? AfterFailure : BetweenBeats);
            await BeatAsync(inbox);
        }
    }

    /// <remarks>
    /// Addresses are marked stale only once everything works again: what is looked up before that would be stale as well.
    /// </remarks>
    private async Task BeatAsync(Inbox inbox)
    {
        try
        {
            _mayHaveMissed |= Interlocked.Exchange(ref _suspicion, NewSuspicion()).Task.IsCompleted;
            _mayHaveMissed |= !await ShowLifeAsync();
            await subscription.TryAsync(_closing.Token);
            if (_mayHaveMissed)
            {
                _mayHaveMissed = false;
                inbox.MarkStale();
            }

            await sweeper.SweepTheDeadAsync(node);
            _fault = null;
        }
        catch (Exception away) when (IsAway(away))
        {
            _mayHaveMissed = true;
            Tell(RedisFault.Of(away));
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Nobody needs to hear any more.
        }
    }

    /// <summary>
    /// Each heartbeat replaces the one before. If that is another than this node's last, Redis has lost it, and maybe more.
    /// </summary>
    private async Task<bool> ShowLifeAsync()
    {
        var listed = _database.SetAddAsync(keys.Nodes, node.Value).OrUnavailable(redis);
        var last = await _database.StringSetAndGetAsync(keys.Node(node.Value), Beat(_beat + 1), Liveness).OrUnavailable(redis);
        await listed;
        _beat++;
        return _beat == 1 || last == Beat(_beat - 1);
    }

    private static RedisValue Beat(long number) => $"{VersionedRecord.Version} {number}";

    // A heartbeat a second fails of the same for as long as it lasts: told once.
    private void Tell(RedisFault fault)
    {
        if (fault != Interlocked.Exchange(ref _fault, fault))
        {
            Log.HeartbeatFailed(logger, fault);
        }
    }

    private async Task WaitAsync(TimeSpan atMost)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        await Task.WhenAny(_suspicion.Task, Task.Delay(atMost, time, over.Token));
        await over.CancelAsync();
    }

    private void Suspect(object? sender, EventArgs what) => Volatile.Read(ref _suspicion).TrySetResult();

    private static bool IsAway(Exception thrown) => thrown is RedisException or TimeoutException or StoreUnavailableException;

    private static TaskCompletionSource NewSuspicion() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "This node does not hear from Redis. {Fault} Trying again; clients are told what they missed.", EventName = "HeartbeatFailed")]
        public static partial void HeartbeatFailed(ILogger logger, RedisFault fault);

        [LoggerMessage(2, LogLevel.Warning, "Redis did not answer while this node left. The others see it in {Seconds} seconds.", EventName = "LeftUnannounced")]
        public static partial void LeftUnannounced(ILogger logger, double seconds);
    }
}
