using System.Diagnostics;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>Several Redis processes that belong together, in a folder that goes with them.</summary>
internal sealed class RedisProcesses : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = System.IO.Directory.CreateTempSubdirectory("hub-redis-");
    private readonly List<Process> _processes = [];

    public string Directory => _directory.FullName;

    /// <summary>Starts one more, and returns when it is ready.</summary>
    public async Task StartAsync(string command, params string[] arguments)
    {
        var process = RedisServer.Run(command, arguments);
        _processes.Add(process);
        await RedisServer.ReadyAsync(process);
    }

    public Task StartServerAsync(int port, params string[] options) =>
        StartAsync("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", Directory, .. options]);

    /// <summary>Does the rest of a start, and if that fails ends what was started.</summary>
    public async Task OrEndAsync(Func<Task> start)
    {
        try
        {
            await start();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the first one as a crash would.</summary>
    public void KillFirst() => _processes[0].Kill();

    /// <summary>Asks whichever listens on a port.</summary>
    public static async Task<string> AskAsync(int port, params string[] command)
    {
        using var ask = RedisServer.Run("redis-cli", ["-p", $"{port}", .. command]);
        return await ask.StandardOutput.ReadToEndAsync();
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
}
