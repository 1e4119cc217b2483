using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>
/// Checks every second that a primary is connected, and if none is, asks the servers for their roles. Runs in every process, node or
/// publisher.
/// </summary>
/// <remarks>
/// The multiplexer asks by itself when a connection breaks. It does not ask when a primary becomes a replica, when a replica is promoted
/// some time after its primary has died, or when its one address now leads to another Redis: the open connection stays open, and the server
/// refuses.
/// </remarks>
internal sealed class RedisWatch : IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly RedisKey AnyKey = "any";

    private readonly IConnectionMultiplexer _redis;
    private readonly RedisSockets _sockets;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watching;

    public RedisWatch(IConnectionMultiplexer redis, RedisSockets sockets, TimeProvider time)
    {
        (_redis, _sockets) = (redis, sockets);
        _watching = WatchAsync(new PeriodicTimer(BetweenLooks, time));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        _stopping.Dispose();
    }

    private async Task WatchAsync(PeriodicTimer timer)
    {
        using (timer)
        {
            try
            {
                while (await timer.WaitForNextTickAsync(_stopping.Token))
                {
                    await TryLookAsync();
                }
            }
            catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException)
            {
                // The process ends.
            }
        }
    }

    // A failed check must not end the checks: nothing else would end the refusals.
    private async Task TryLookAsync()
    {
        try
        {
            await LookAsync();
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            // The callers that need Redis report what is wrong with it.
        }
    }

    private async Task LookAsync()
    {
        var servers = _redis.GetServers();
        var connected = servers.Where(server => server.IsConnected).ToList();
        if (HasPrimaries(connected))
        {
            await Task.WhenAll(connected.Where(server => !server.IsReplica).Select(BreakOffIfSilentAsync));
        }
        else if (connected.Count > 0)
        {
            await _redis.ConfigureAsync().WaitAsync(_stopping.Token);
            if (servers is [{ IsConnected: true, IsReplica: true, ServerType: ServerType.Standalone } only])
            {
                _sockets.BreakOff(only.EndPoint);
            }
        }
    }

    /// <summary>Whether each primary is connected. On a Cluster: each server that owns slots, as the connected servers see it.</summary>
    private bool HasPrimaries(List<IServer> connected)
    {
        var views = connected.Select(server => server.ClusterConfiguration).OfType<ClusterConfiguration>();
        return _redis.GetDatabase().IsConnected(AnyKey, CommandFlags.DemandMaster)
            && views.SelectMany(view => view.Nodes).Where(node => node is { IsReplica: false, Slots.Count: > 0 })
                .All(node => connected.Any(server => server.EndPoint.Equals(node.EndPoint)));
    }

    // A server that died without closing its connections leaves them open on this side. If it only was slow, a new connection does no harm.
    private async Task BreakOffIfSilentAsync(IServer primary)
    {
        try
        {
            await primary.PingAsync().WaitAsync(_stopping.Token);
        }
        catch (TimeoutException)
        {
            _sockets.BreakOff(primary.EndPoint);
        }
        catch (RedisException)
        {
            // It answered with an error, or the multiplexer knows that the connection is broken.
        }
    }
}
