using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>
/// As many clients as fit on all nodes of one machine. A process may hold some 19,900 sockets here, so as many processes hold the clients.
/// </summary>
internal sealed class Crowd(string name, Sizes sizes) : Workload(name)
{
    public const int Nodes = 4;

    private const int Announcements = 10;

    public override async Task RunAsync(Cluster cluster, Recorder record)
    {
        var before = cluster.Nodes.Sum(node => node.Memory);
        var cost = new Cost(cluster);
        var start = Clock.Now;
        List<Holder> holders = [.. cluster.Ports.Select(
            (port, index) => Holder.Start(cluster, port, first: index * sizes.Crowd / Nodes, sizes.Crowd / Nodes))];
        try
        {
            var clients = (await Task.WhenAll(holders.Select(holder => holder.ReadNumberAsync()))).Sum();
            record.Add("clients", "", clients);
            record.Add("until all are in", "s", Clock.MicrosecondsSince(start) / 1e6);
            await cost.RecordAsync(record, "a connect", clients);
            record.Add("memory of the nodes a connection, garbage included", "KB", (cluster.Nodes.Sum(node => node.Memory) - before) / 1024.0 / clients);
            await AnnounceAsync(cluster, holders, record);
        }
        finally
        {
            holders.ForEach(holder => holder.Dispose());
        }
    }

    private static async Task AnnounceAsync(Cluster cluster, List<Holder> holders, Recorder record)
    {
        await using var backend = await Backend.OpenAsync(cluster.Ports, 1);
        var latencies = new Timings().Last;
        for (var number = 0; number < Announcements; number++)
        {
            var due = Clock.Now;
            backend.Post(Requests.ToEveryone(number));
            var last = (await Task.WhenAll(holders.Select(holder => holder.ReadNumberAsync()))).Max();
            latencies.RecordValue((last - due) * 1_000_000 / System.Diagnostics.Stopwatch.Frequency);
        }

        record.AddPercentiles("everyone: due to received by the last of all", latencies, 50, 99);
    }
}
