using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>
/// Distinct users connect with a token each: first as fast as they can, for rate and cost; then at a fixed rate, each pushed a message the
/// moment it is in.
/// </summary>
internal sealed class ConnectWorkload(string name, Sizes sizes) : Workload(name)
{
    public const string CpuMetric = "server CPU a connect";

    private const int AtOnce = 128;
    private const int InFlight = 32;

    public override string Measures => CpuMetric;

    public override async Task RunAsync(Cluster cluster, Recorder record)
    {
        await ConnectAsync(cluster, record);
        await ReachAsync(cluster, record);
        await cluster.QuietAsync();
    }

    private async Task ConnectAsync(Cluster cluster, Recorder record)
    {
        await using var swarm = new Swarm(cluster.System, Visitor.Many(sizes.Connects), new Ledger());
        await cluster.QuietAsync();
        var cost = new Cost(cluster);
        record.Add("connects", "/s", sizes.Connects / await swarm.ConnectAsync(cluster, AtOnce));
        await cost.RecordAsync(record, "a connect", sizes.Connects);
    }

    private async Task ReachAsync(Cluster cluster, Recorder record)
    {
        var ledger = new Ledger();
        await using var swarm = new Swarm(cluster.System, Visitor.Many(sizes.Connects), ledger);
        await using var backend = await Backend.OpenAsync(cluster.Ports, InFlight);
        await cluster.QuietAsync();
        ledger.Begin(sizes.Connects);
        await swarm.ArriveAsync(cluster, sizes.ArrivalsPerSecond, client =>
        {
            ledger.Due(client.Index, client.Due);
            backend.Post(Requests.ToUser(client.User, client.Index));
        });
        await backend.FinishAsync();
        await ledger.CompleteAsync(sizes.Deadline);
        record.AddPercentiles("arrival to first message", ledger.Latencies, 50, 99);
        record.Add("first messages lost", "", ledger.Lost);
    }
}
