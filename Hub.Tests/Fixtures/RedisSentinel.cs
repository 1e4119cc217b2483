namespace RealtimeHub.Tests.Fixtures;

/// <summary>A primary, a replica, and the one sentinel that watches them.</summary>
internal sealed class RedisSentinel : IAsyncDisposable
{
    private readonly RedisProcesses _processes = new();
    private readonly int _primary = LoopbackPort.Next();
    private readonly int _replica = LoopbackPort.Next();
    private readonly int _sentinel = LoopbackPort.Next();

    private RedisSentinel()
    {
    }

    public string Connection => $"127.0.0.1:{_sentinel},serviceName=mymaster";

    public static async Task<RedisSentinel> StartAsync()
    {
        var sentinel = new RedisSentinel();
        await sentinel._processes.OrEndAsync(async () =>
        {
            await sentinel.StartPairAsync();
            await sentinel.StartWatchingAsync();
        });
        return sentinel;
    }

    /// <summary>Kills the primary, and waits until the replica has taken over.</summary>
    public async Task FailOverAsync()
    {
        _processes.KillFirst();
        await AnswersAsync(_sentinel, $"{_replica}", "sentinel", "get-master-addr-by-name", "mymaster");
        await AnswersAsync(_replica, "role:master", "info", "replication");
    }

    public ValueTask DisposeAsync() => _processes.DisposeAsync();

    private static Task AnswersAsync(int port, string answer, params string[] question) =>
        Eventually.HoldsAsync(async () => (await RedisProcesses.AskAsync(port, question)).Contains(answer, StringComparison.Ordinal));

    private async Task StartPairAsync()
    {
        await _processes.StartServerAsync(_primary, "--repl-diskless-sync-delay", "0");
        await _processes.StartServerAsync(_replica, "--replicaof", "127.0.0.1", $"{_primary}");
        await AnswersAsync(_replica, "master_link_status:up", "info", "replication");
    }

    private async Task StartWatchingAsync()
    {
        var file = Path.Combine(_processes.Directory, "sentinel.conf");
        await File.WriteAllTextAsync(file, $"""
            port {_sentinel}
            bind 127.0.0.1
            dir {_processes.Directory}
            sentinel monitor mymaster 127.0.0.1 {_primary} 1
            sentinel down-after-milliseconds mymaster 500
            sentinel failover-timeout mymaster 5000

            """);
        await _processes.StartAsync("redis-sentinel", file);
        await AnswersAsync(_sentinel, $"{_replica}", "sentinel", "replicas", "mymaster");
    }
}
