using System.Globalization;
using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>
/// What an idle connection holds: the server's own memory after its garbage is collected, less what it held before, and apart from it what
/// the kernel holds, for both ends of each socket.
/// </summary>
/// <param name="name">What it is called.</param>
/// <param name="sizes">How much.</param>
/// <param name="headers">See <see cref="LoadClient.Headers"/>.</param>
internal sealed class IdleMemory(string name, Sizes sizes, string headers = "") : Workload(name)
{
    public const string Metric = "memory a connection";

    private const int AtOnce = 64;
    private const int WarmUp = 300;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    public override string Measures => Metric;

    public override async Task RunAsync(Cluster cluster, Recorder record)
    {
        await using (var first = new Swarm(cluster.System, Visitor.Many(WarmUp), new Ledger(), headers))
        {
            await first.ConnectAsync(cluster, AtOnce);
        }

        var server = cluster.Nodes[0];
        await CollectAsync(server);
        var (before, kernelBefore) = (server.Memory, KernelSlab());
        await using var swarm = new Swarm(cluster.System, Visitor.Many(sizes.Idle), new Ledger(), headers);
        await swarm.ConnectAsync(cluster, AtOnce);
        await CollectAsync(server);
        record.Add(Metric, "KB", (server.Memory - before) / 1024.0 / sizes.Idle);
        record.Add("kernel slab a connection (both ends)", "KB", (KernelSlab() - kernelBefore) / 1024.0 / sizes.Idle);
        record.Add("clients gone", "", swarm.Clients.Count(client => client.IsClosed));
    }

    private static async Task CollectAsync(ServerNode server)
    {
        await server.QuietAsync();
        await Task.Delay(Settling, TimeProvider.System);
        await server.CollectGarbageAsync();
    }

    private static long KernelSlab() => long.Parse(
        File.ReadLines("/proc/meminfo").First(line => line.StartsWith("Slab:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1024;
}
