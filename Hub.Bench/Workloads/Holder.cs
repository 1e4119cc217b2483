using System.Diagnostics;
using System.Globalization;
using RealtimeHub.Bench.Systems;
using StackExchange.Redis;

namespace RealtimeHub.Bench.Workloads;

/// <summary>Another process of this program that holds clients of one node, and says numbers, see <see cref="HeldClients"/>.</summary>
internal sealed class Holder : IDisposable
{
    public const string Command = "hold";

    /// <summary>A crowd takes all of the machine's processors, also from who mints its tokens.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(2);

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
        var options = ConfigurationOptions.Parse(redis);
        options.AsyncTimeout = (int)LongestAnswer.TotalMilliseconds;
        await using var admin = await ConnectionMultiplexer.ConnectAsync(options);
        await new HeldClients(system, admin.GetDatabase(), first, count).HoldAsync(port);
    }

    /// <summary>Asks for something, see <see cref="HeldClients"/>.</summary>
    public void Ask(string line) => _process.StandardInput.WriteLine(line);

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
