using System.Diagnostics;
using System.Globalization;
using RealtimeHub.Bench.Load;
using StackExchange.Redis;

namespace RealtimeHub.Bench.Systems;

/// <summary>A redis-server for one system alone, on a free loopback port, without a disk.</summary>
internal sealed class RedisProcess : IDisposable
{
    private readonly Process _process;

    private RedisProcess(Process process, int port, ConnectionMultiplexer admin) => (_process, Port, Admin) = (process, port, admin);

    public int Port { get; }

    public ConnectionMultiplexer Admin { get; }

    public IDatabase Database => Admin.GetDatabase();

    /// <summary>CPU time used so far, in microseconds.</summary>
    public double Cpu => Clock.CpuMicroseconds(_process.Id);

    public static async Task<RedisProcess> StartAsync()
    {
        var port = Loopback.FreePort();

        // Its protection takes 127.0.1.1 for a stranger, which is where the delaying proxy comes from.
        string[] arguments = ["--port", $"{port}", "--bind", "127.0.0.1", "--protected-mode", "no", "--save", "", "--appendonly", "no", "--tcp-backlog", "4096"];
        var process = Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line && !line.Contains("eady to accept connections", StringComparison.Ordinal))
        {
            // Not yet.
        }

        _ = process.StandardOutput.ReadToEndAsync();
        return new RedisProcess(process, port, await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port},allowAdmin=true"));
    }

    /// <summary>How many commands it has been sent, those of scripts included, without those that only look at it.</summary>
    public async Task<long> CommandsAsync() => (await Admin.GetServers()[0].InfoAsync("commandstats")).SelectMany(section => section)
        .Where(line => line.Key is not ("cmdstat_info" or "cmdstat_ping" or "cmdstat_flushall"))
        .Sum(line => long.Parse(line.Value.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture));

    public void Dispose()
    {
        Admin.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
