using System.Diagnostics;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A primary that writes everything to disk, and a replica, which change places.</summary>
internal sealed class RedisPair : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hub-pair-");
    private readonly int[] _ports = [LoopbackPort.Next(), LoopbackPort.Next()];
    private readonly Process?[] _processes = new Process?[2];
    private int _primary;

    public string Connection => $"127.0.0.1:{_ports[0]},127.0.0.1:{_ports[1]}";

    public int PrimaryPort => _ports[_primary];

    private int Replica => 1 - _primary;

    public static async Task<RedisPair> StartAsync()
    {
        var pair = new RedisPair();
        await pair.StartAsync(pair._primary);
        await pair.FollowAsync();
        return pair;
    }

    /// <summary>Kills the primary and starts it again, with what it has written to disk.</summary>
    public async Task RestartAsync()
    {
        await KillAsync(_primary);
        await StartAsync(_primary);
    }

    /// <summary>Waits until the replica has all that the primary has.</summary>
    public Task InStepAsync() => Eventually.HoldsAsync(async () => await OffsetAsync(_primary, "master_repl_offset") == await OffsetAsync(Replica, "slave_repl_offset"));

    /// <summary>Lets the replica fall behind while something is written, and then take over without it.</summary>
    public async Task FailOverWithoutAsync(Func<Task> write)
    {
        await AskAsync(Replica, "replicaof", "127.0.0.1", "1");
        await write();
        await KillAsync(_primary);
        _primary = Replica;
        await AskAsync(_primary, "replicaof", "no", "one");
        await FollowAsync();
    }

    /// <summary>Promotes the replica, and makes the primary, which lives, its replica.</summary>
    public async Task ChangePlacesAsync()
    {
        _primary = Replica;
        await AskAsync(_primary, "replicaof", "no", "one");
        await AskAsync(Replica, "replicaof", "127.0.0.1", $"{PrimaryPort}");
    }

    /// <summary>Kills the primary, and promotes the replica.</summary>
    public async Task ReplaceTheDeadAsync()
    {
        await KillAsync(_primary);
        _primary = Replica;
        await AskAsync(_primary, "replicaof", "no", "one");
    }

    /// <summary>Starts the replica, which takes over all that the primary has.</summary>
    public async Task FollowAsync()
    {
        await KillAsync(Replica);
        await StartAsync(Replica, "--replicaof", "127.0.0.1", $"{_ports[_primary]}");
        await Eventually.HoldsAsync(async () => (await AskAsync(Replica, "info", "replication")).Contains("master_link_status:up", StringComparison.Ordinal));
    }

    /// <summary>Leaves the last few messages of a log.</summary>
    public Task TrimAsync(string address, int messages) =>
        AskAsync(_primary, "xtrim", $"hub:{{{Uri.EscapeDataString(address)}}}:log", "maxlen", $"{messages}");

    public Task FlushAsync() => AskAsync(_primary, "flushall");

    public async ValueTask DisposeAsync()
    {
        await KillAsync(0);
        await KillAsync(1);
        _directory.Delete(recursive: true);
    }

    private async Task StartAsync(int which, params string[] options)
    {
        var process = RedisServer.Run("redis-server",
        [
            "--port", $"{_ports[which]}", "--bind", "127.0.0.1", "--dir", _directory.CreateSubdirectory($"{which}").FullName,
            // Written before it is answered, and not held back for a disk that is busy: what a killed process has answered is there.
            "--save", "", "--appendonly", "yes", "--appendfsync", "no", "--repl-diskless-sync-delay", "0", .. options,
        ]);
        _processes[which] = process;
        await RedisServer.ReadyAsync(process);
    }

    private async Task KillAsync(int which)
    {
        if (_processes[which] is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _processes[which] = null;
        }
    }

    private async Task<string> OffsetAsync(int which, string name) =>
        (await AskAsync(which, "info", "replication")).Split('\n').Single(line => line.StartsWith(name + ":", StringComparison.Ordinal))
            .Split(':')[1].Trim();

    private Task<string> AskAsync(int which, params string[] command) => RedisProcesses.AskAsync(_ports[which], command);
}
