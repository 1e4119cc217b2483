namespace RealtimeHub.Tests.Fixtures;

/// <summary>A Redis Cluster of three primaries.</summary>
internal sealed class RedisCluster : IAsyncDisposable
{
    private readonly RedisProcesses _processes = new();
    private readonly int[] _ports = [LoopbackPort.Next(), LoopbackPort.Next(), LoopbackPort.Next()];

    // By itself Redis would take a port 10,000 above, which may be anybody's.
    private readonly int[] _busPorts = [LoopbackPort.Next(), LoopbackPort.Next(), LoopbackPort.Next()];

    private RedisCluster()
    {
    }

    public string Connection => string.Join(',', _ports.Select(port => $"127.0.0.1:{port}"));

    public static async Task<RedisCluster> StartAsync()
    {
        var cluster = new RedisCluster();
        await cluster._processes.OrEndAsync(cluster.FormAsync);
        return cluster;
    }

    public ValueTask DisposeAsync() => _processes.DisposeAsync();

    private async Task FormAsync()
    {
        foreach (var (port, busPort) in _ports.Zip(_busPorts))
        {
            await _processes.StartServerAsync(
                port, "--cluster-enabled", "yes", "--cluster-port", $"{busPort}", "--cluster-config-file", $"nodes-{port}.conf");
        }

        await RedisProcesses.AskAsync(_ports[0],
            ["--cluster", "create", .. _ports.Zip(_busPorts, (port, busPort) => $"127.0.0.1:{port}@{busPort}"), "--cluster-yes"]);
        foreach (var port in _ports)
        {
            await Eventually.HoldsAsync(async () => (await RedisProcesses.AskAsync(port, "cluster", "info")).Contains("cluster_state:ok", StringComparison.Ordinal));
        }
    }
}
