using System.Diagnostics;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A primary, a replica, and the one sentinel that watches them.</summary>
internal sealed class RedisSentinel : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hub-sentinel-");
    private readonly int _primaryPort = LoopbackPort.Next();
    private readonly int _replicaPort = LoopbackPort.Next();
    private readonly int _sentinelPort = LoopbackPort.Next();
    private readonly List<Process> _processes = [];

    private RedisSentinel()
    {
    }

    public string Connection => $"127.0.0.1:{_sentinelPort},serviceName=mymaster,connectTimeout=1000,asyncTimeout=1000";

    public static async Task<RedisSentinel> StartAsync()
    {
        var sentinel = new RedisSentinel();
        await sentinel.StartServerAsync(sentinel._primaryPort, "--repl-diskless-sync-delay", "0");
        await sentinel.StartServerAsync(sentinel._replicaPort, "--replicaof", "127.0.0.1", $"{sentinel._primaryPort}");
        await Eventually.HoldsAsync(async () => (await AskAsync(sentinel._replicaPort, "info", "replication")).Contains("master_link_status:up", StringComparison.Ordinal));
        await sentinel.StartSentinelAsync();
        await Eventually.HoldsAsync(async () => (await AskAsync(sentinel._sentinelPort, "sentinel", "replicas", "mymaster")).Contains($"{sentinel._replicaPort}", StringComparison.Ordinal));
        return sentinel;
    }

    /// <summary>Kills the primary, and waits until the replica has taken over.</summary>
    public async Task FailOverAsync()
    {
        _processes[0].Kill();
        await Eventually.HoldsAsync(async () => (await AskAsync(_sentinelPort, "sentinel", "get-master-addr-by-name", "mymaster")).Contains($"{_replicaPort}", StringComparison.Ordinal));
        await Eventually.HoldsAsync(async () => (await AskAsync(_replicaPort, "info", "replication")).Contains("role:master", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _directory.Delete(recursive: true);
    }

    private static async Task<string> AskAsync(int port, params string[] command)
    {
        using var ask = RedisServer.Run("redis-cli", ["-p", $"{port}", .. command]);
        return await ask.StandardOutput.ReadToEndAsync();
    }

    private async Task StartServerAsync(int port, params string[] options)
    {
        var process = RedisServer.Run("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", _directory.FullName, .. options]);
        _processes.Add(process);
        await RedisServer.ReadyAsync(process);
    }

    private async Task StartSentinelAsync()
    {
        var file = Path.Combine(_directory.FullName, "sentinel.conf");
        await File.WriteAllTextAsync(file, $"""
            port {_sentinelPort}
            bind 127.0.0.1
            dir {_directory.FullName}
            sentinel monitor mymaster 127.0.0.1 {_primaryPort} 1
            sentinel down-after-milliseconds mymaster 500
            sentinel failover-timeout mymaster 5000

            """);
        var process = RedisServer.Run("redis-sentinel", file);
        _processes.Add(process);
        await RedisServer.ReadyAsync(process);
    }
}
