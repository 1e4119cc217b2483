using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>
/// As many clients as fit on all nodes of one machine. A process may hold some 19,900 sockets here, so as many processes hold the clients.
/// Then a node is killed and started anew, as systemd would, and its clients come back to all nodes.
/// </summary>
internal sealed class Crowd(string name, Sizes sizes) : Workload(name)
{
    public const int Nodes = 6;
    public const string BackMetric = "one node killed: until 99 % of its clients have what they missed";
    public const string LostMetric = "one node killed: messages lost";
    public const string TokensMetric = "one node killed: tokens a client that comes back";

    private const int Announcements = 10;
    private const int InFlight = 32;

    // No ledger counts it: it gives each client a cursor.
    private const int Uncounted = 1_000_000;

    public override async Task RunAsync(Cluster cluster, Recorder record)
    {
        var before = cluster.Nodes.Sum(node => node.Memory);
        var cost = new Cost(cluster);
        var start = Clock.Now;
        List<Holder> holders = [.. cluster.Ports.Select(
            (port, index) => Holder.Start(cluster, port, first: index * UsersOf(cluster), UsersOf(cluster)))];
        try
        {
            var clients = (await Task.WhenAll(holders.Select(holder => holder.ReadNumberAsync()))).Sum();
            record.Add("clients", "", clients);
            record.Add("until all are in", "s", Clock.MicrosecondsSince(start) / 1e6);
            await cost.RecordAsync(record, "a connect", clients);
            record.Add("memory of the nodes a connection, garbage included", "KB", (cluster.Nodes.Sum(node => node.Memory) - before) / 1024.0 / clients);
            await AnnounceAsync(cluster, holders, record);
            await LoseNodeAsync(cluster, holders[0], record);
        }
        finally
        {
            holders.ForEach(holder => holder.Dispose());
        }
    }

    /// <summary>Users of each node.</summary>
    private int UsersOf(Cluster cluster) => sizes.Crowd / cluster.Nodes.Count;

    /// <remarks>The holder is that of the first node, and holds the first users.</remarks>
    private async Task LoseNodeAsync(Cluster cluster, Holder holder, Recorder record)
    {
        var users = UsersOf(cluster);
        await PublishToEachAsync(cluster, users, _ => Uncounted);
        await cluster.QuietAsync();
        cluster.KillFirst();
        holder.Ask(HeldClients.Miss);
        await holder.ReadNumberAsync();
        await PublishToEachAsync(cluster, users, user => user);
        await cluster.AddNodeAsync();
        holder.Ask($"{HeldClients.Return} {string.Join(' ', cluster.Ports)}");
        var back = await holder.ReadNumberAsync();
        record.Add(BackMetric, "s", back < 0 ? double.NaN : back / 1e6);
        record.Add(LostMetric, "", await holder.ReadNumberAsync());
        record.Add(TokensMetric, "", (double)await holder.ReadNumberAsync() / users);
    }

    private static async Task PublishToEachAsync(Cluster cluster, int users, Func<int, int> numberFor)
    {
        await using var backend = await Backend.OpenAsync(cluster.Ports, InFlight);
        for (var user = 0; user < users; user++)
        {
            backend.Post(Requests.ToUser($"user{user}", numberFor(user)));
        }

        await backend.FinishAsync();
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
