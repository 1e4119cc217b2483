using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>What something costs the servers and Redis in CPU time, from its making on.</summary>
internal sealed class Cost(Cluster cluster)
{
    private readonly double _server = cluster.ServerCpu;
    private readonly double _redis = cluster.RedisCpu;

    /// <summary>Waits until all of it is done, and takes down what it was for each of so many.</summary>
    public async Task RecordAsync(Recorder record, string each, double count) => Record(record, each, count, await TakeAsync());

    /// <summary>Waits until all of it is done.</summary>
    /// <returns>What it was, in microseconds.</returns>
    public async Task<(double Server, double Redis)> TakeAsync()
    {
        await cluster.QuietAsync();
        return (cluster.ServerCpu - _server, cluster.RedisCpu - _redis);
    }

    /// <summary>Takes down what several together were for each of so many.</summary>
    public static void Record(Recorder record, string each, double count, params IEnumerable<(double Server, double Redis)> costs)
    {
        record.Add($"server CPU {each}", "µs", costs.Sum(cost => cost.Server) / count);
        record.Add($"Redis CPU {each}", "µs", costs.Sum(cost => cost.Redis) / count);
    }
}
