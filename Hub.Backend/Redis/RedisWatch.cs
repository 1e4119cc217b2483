using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>Looks every second whether a primary is at hand, and if none is, asks who is one; in every process, whether it is a node or only publishes.</summary>
/// <remarks>
/// The multiplexer asks for itself when a connection breaks. It does not when a primary is made a replica, when a replica is promoted some time
/// after its primary has died, or when the one address that it has leads to another Redis by now: what it has open stays open, and refuses.
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
                // Nobody needs Redis any more.
            }
        }
    }

    // Whatever keeps it from finding out now, the next look must come: nothing else ends the refusals.
    private async Task TryLookAsync()
    {
        try
        {
            await LookAsync();
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            // Whoever needs Redis meanwhile says what is wrong with it.
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

    /// <summary>Whether each primary is connected; on a Cluster, whoever has slots in the eyes of those who are.</summary>
    private bool HasPrimaries(List<IServer> connected)
    {
        var views = connected.Select(server => server.ClusterConfiguration).OfType<ClusterConfiguration>();
        return _redis.GetDatabase().IsConnected(AnyKey, CommandFlags.DemandMaster)
            && views.SelectMany(view => view.Nodes).Where(node => node is { IsReplica: false, Slots.Count: > 0 })
                .All(node => connected.Any(server => server.EndPoint.Equals(node.EndPoint)));
    }

    // Whoever has died without a word leaves connections that look open. Redis need not be dead to be silent for so long: to connect anew does no harm.
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
            // It has answered, or the multiplexer knows that the connection is broken.
        }
    }
}
