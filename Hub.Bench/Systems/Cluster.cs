using StackExchange.Redis;

namespace RealtimeHub.Bench.Systems;

/// <summary>The running nodes of one system, and its Redis.</summary>
internal sealed class Cluster : IDisposable
{
    private readonly RedisProcess _redis;
    private readonly DelayingProxy? _proxy;

    private Cluster(SystemUnderTest system, RedisProcess redis, DelayingProxy? proxy, List<ServerNode> nodes) =>
        (System, _redis, _proxy, Nodes) = (system, redis, proxy, nodes);

    public SystemUnderTest System { get; }

    /// <summary>Those that live.</summary>
    public List<ServerNode> Nodes { get; }

    /// <summary>Its Redis, reached without delay.</summary>
    public IDatabase Redis => _redis.Database;

    public string RedisAddress => $"127.0.0.1:{_redis.Port}";

    public IReadOnlyList<int> Ports => [.. Nodes.Select(node => node.Port)];

    /// <summary>CPU time that the servers have used so far, in microseconds.</summary>
    public double ServerCpu => Nodes.Sum(node => node.Cpu);

    /// <summary>CPU time that Redis has used so far, in microseconds.</summary>
    public double RedisCpu => _redis.Cpu;

    /// <param name="system">The system.</param>
    /// <param name="nodes">How many.</param>
    /// <param name="redisDelay">What is added to each round trip to Redis.</param>
    public static async Task<Cluster> StartAsync(SystemUnderTest system, int nodes = 1, TimeSpan redisDelay = default)
    {
        var redis = await RedisProcess.StartAsync();
        var proxy = redisDelay == TimeSpan.Zero ? null : new DelayingProxy(redis.Port, redisDelay);
        var cluster = new Cluster(system, redis, proxy, []);
        try
        {
            for (var node = 0; node < nodes; node++)
            {
                await cluster.AddNodeAsync();
            }

            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    public async Task AddNodeAsync() => Nodes.Add(
        await ServerNode.StartAsync(System.Name, port => System.Launch(port, $"127.0.0.1:{_proxy?.Port ?? _redis.Port}")));

    /// <summary>The node that a client of this number connects to.</summary>
    public int PortFor(int index) => Nodes[index % Nodes.Count].Port;

    /// <summary>Ends a node as a crash would.</summary>
    public void KillFirst()
    {
        Nodes[0].Dispose();
        Nodes.RemoveAt(0);
    }

    /// <summary>How many methods the servers' runtimes have compiled so far; null if they do not tell.</summary>
    public async Task<long?> CompiledMethodsAsync() =>
        System.IsDotNet ? (await Task.WhenAll(Nodes.Select(node => node.CompiledMethodsAsync()))).Sum() : null;

    public Task<long> RedisCommandsAsync() => _redis.CommandsAsync();

    /// <summary>Waits until the servers do nothing, so that what is measured next is not the end of what went before.</summary>
    public Task QuietAsync() => Task.WhenAll(Nodes.Select(node => node.QuietAsync()));

    public void Dispose()
    {
        foreach (var node in Nodes)
        {
            node.Dispose();
        }

        _proxy?.Dispose();
        _redis.Dispose();
    }
}
