using System.Diagnostics;
using System.Globalization;
using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Systems;
using StackExchange.Redis;

namespace RealtimeHub.Bench.Workloads;

/// <summary>
/// Another process of this program that holds clients of one node, and says a number a line: how many are in; then when the last of them
/// got each message.
/// </summary>
internal sealed class Holder : IDisposable
{
    public const string Command = "hold";

    private const int AtOnce = 64;

    private readonly Process _process;

    private Holder(Process process) => _process = process;

    public static Holder Start(Cluster cluster, int port, int first, int count) => new(Process.Start(new ProcessStartInfo(
        "dotnet", [typeof(Holder).Assembly.Location, Command, cluster.System.Name, "--port", $"{port}", "--redis", cluster.RedisAddress, "--first", $"{first}", "--count", $"{count}"])
    {
        RedirectStandardOutput = true,
        RedirectStandardInput = true,
    })!);

    /// <summary>What the other process does, until its input ends.</summary>
    public static async Task HoldAsync(SystemUnderTest system, int port, string redis, int first, int count)
    {
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis);
        var visitors = Enumerable.Range(first, count).Select(number => new Visitor($"user{number}", [])).ToList();
        var tokens = await system.MintAsync(admin.GetDatabase(), visitors);
        var ledger = new Ledger();
        ledger.Begin(messages: 1_000, audience: count);
        ledger.DeliveredToAll = _ => Console.WriteLine(Clock.Now);
        await using var swarm = new Swarm(system, visitors, ledger);
        await swarm.ConnectAsync(_ => port, tokens, AtOnce);
        Console.WriteLine(count);
        await Console.In.ReadToEndAsync();
    }

    public async Task<long> ReadNumberAsync() => await _process.StandardOutput.ReadLineAsync() is { } line
        ? long.Parse(line, CultureInfo.InvariantCulture)
        : throw new InvalidOperationException("A process that holds clients has ended.");

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
