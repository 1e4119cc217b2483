namespace RealtimeHub.Tests.Fixtures;

/// <summary>A Redis Cluster of three primaries.</summary>
internal sealed class RedisCluster : IAsyncDisposable
{
    private readonly RedisProcesses _processes = new();
    /// <summary>How long a node may be silent before the others take it for dead, in milliseconds.</summary>
    private const string Deadline = "1000";

    private readonly int[] _ports = [LoopbackPort.Next(), LoopbackPort.Next(), LoopbackPort.Next()];
    private readonly int _replica = LoopbackPort.Next();
    private readonly int _replicaBus = LoopbackPort.Next();

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

    /// <summary>Lets nobody at any key but those of the patterns, on any primary.</summary>
    public async Task AllowKeysAsync(params string[] patterns)
    {
        foreach (var port in _ports)
        {
            await RedisProcesses.AskAsync(port, ["acl", "setuser", "default", "resetkeys", .. patterns.Select(pattern => $"~{pattern}")]);
        }
    }

    /// <summary>Lets the primary at a port answer no write, for a minute at the most. The others do not take it for dead.</summary>
    public static Task HoldWritesAsync(int port) => RedisProcesses.AskAsync(port, "client", "pause", "60000", "write");

    /// <summary>Ends it: what came meanwhile is done now, unless who has sent it is gone.</summary>
    public static Task ReleaseWritesAsync(int port) => RedisProcesses.AskAsync(port, "client", "unpause");

    /// <summary>Gives the first primary a replica, and waits until it is in step and all the others know of it.</summary>
    public async Task AddReplicaAsync()
    {
        var primary = (await RedisProcesses.AskAsync(_ports[0], "cluster", "myid")).Trim();
        await StartAsync(_replica, _replicaBus);
        await RedisProcesses.AskAsync(_ports[0], "cluster", "meet", "127.0.0.1", $"{_replica}", $"{_replicaBus}");
        await Eventually.HoldsAsync(
            async () => (await RedisProcesses.AskAsync(_replica, "cluster", "replicate", primary)).StartsWith("OK", StringComparison.Ordinal));
        await Eventually.HoldsAsync(async () => (await RedisProcesses.AskAsync(_replica, "info", "replication")).Contains("master_link_status:up", StringComparison.Ordinal));
        foreach (var port in _ports)
        {
            await Eventually.HoldsAsync(async () => (await RedisProcesses.AskAsync(port, "cluster", "nodes")).Contains($"slave {primary}", StringComparison.Ordinal));
        }
    }

    /// <summary>Kills the first primary, and waits until the others have put its replica in its place.</summary>
    public async Task FailOverAsync()
    {
        _processes.KillFirst();
        await Eventually.HoldsAsync(async () => (await RedisProcesses.AskAsync(_replica, "info", "replication")).Contains("role:master", StringComparison.Ordinal));
        await IsWholeAsync(_ports[1]);
    }

    public ValueTask DisposeAsync() => _processes.DisposeAsync();

    private async Task FormAsync()
    {
        foreach (var (port, busPort) in _ports.Zip(_busPorts))
        {
            await StartAsync(port, busPort);
        }

        await RedisProcesses.AskAsync(_ports[0],
            ["--cluster", "create", .. _ports.Zip(_busPorts, (port, busPort) => $"127.0.0.1:{port}@{busPort}"), "--cluster-yes"]);
        foreach (var port in _ports)
        {
            await IsWholeAsync(port);
        }
    }

    private static Task IsWholeAsync(int port) =>
        Eventually.HoldsAsync(async () => (await RedisProcesses.AskAsync(port, "cluster", "info")).Contains("cluster_state:ok", StringComparison.Ordinal));

    private Task StartAsync(int port, int busPort) => _processes.StartServerAsync(
        port, "--cluster-enabled", "yes", "--cluster-port", $"{busPort}", "--cluster-config-file", $"nodes-{port}.conf",
        "--cluster-node-timeout", Deadline, "--repl-diskless-sync-delay", "0");
}
