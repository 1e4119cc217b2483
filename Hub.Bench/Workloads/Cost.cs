using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>What something costs the servers and Redis in CPU time, from its making on.</summary>
internal sealed class Cost(Cluster cluster)
{
    private readonly double _server = cluster.ServerCpu;
    private readonly double _redis = cluster.RedisCpu;

    /// <summary>Waits until all of it is done, and takes down what it was for each of so many.</summary>
    public async Task RecordAsync(Recorder record, string each, double count)
    {
        await cluster.QuietAsync();
        record.Add($"server CPU {each}", "µs", (cluster.ServerCpu - _server) / count);
        record.Add($"Redis CPU {each}", "µs", (cluster.RedisCpu - _redis) / count);
    }
}
