using System.Diagnostics;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A Redis Cluster of three primaries.</summary>
internal sealed class RedisCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hub-cluster-");
    private readonly List<Process> _processes = [];
    private readonly List<int> _ports = [];

    private RedisCluster()
    {
    }

    public string Connection => string.Join(',', _ports.Select(port => $"127.0.0.1:{port}"));

    public static async Task<RedisCluster> StartAsync()
    {
        var cluster = new RedisCluster();
        for (var member = 0; member < 3; member++)
        {
            await cluster.StartMemberAsync(LoopbackPort.Next());
        }

        using var create = RedisServer.Run("redis-cli",
            ["--cluster", "create", .. cluster._ports.Select(port => $"127.0.0.1:{port}"), "--cluster-yes"]);
        await create.StandardOutput.ReadToEndAsync();
        await create.WaitForExitAsync();
        create.ExitCode.Should().Be(0);
        await Eventually.HoldsAsync(cluster.IsWholeAsync);
        return cluster;
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

    private async Task StartMemberAsync(int port)
    {
        _ports.Add(port);
        var process = RedisServer.Run("redis-server", "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--cluster-enabled", "yes",
            "--cluster-config-file", $"nodes-{port}.conf", "--dir", _directory.FullName);
        _processes.Add(process);
        await RedisServer.ReadyAsync(process);
    }

    private async Task<bool> IsWholeAsync()
    {
        foreach (var port in _ports)
        {
            using var ask = RedisServer.Run("redis-cli", "-p", $"{port}", "cluster", "info");
            if (!(await ask.StandardOutput.ReadToEndAsync()).Contains("cluster_state:ok", StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
