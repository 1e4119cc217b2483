using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>A storm that meets servers which have just started: what their start took, and what the first users cost.</summary>
/// <param name="name">What it is called.</param>
/// <param name="users">How many come.</param>
internal sealed class FreshNode(string name, int users) : Workload(name)
{
    public const string ReadyMetric = "from start to ready";

    public override string Measures => StormWorkload.CpuMetric;

    public override Task RunAsync(Cluster cluster, Recorder record)
    {
        record.Add(ReadyMetric, "s", cluster.Nodes.Max(node => node.ReadyAfter.TotalSeconds));
        record.Add("server CPU until ready", "s", cluster.Nodes.Max(node => node.CpuUntilReady) / 1e6);
        return new StormWorkload(Name, users).RunAsync(cluster, record);
    }
}
