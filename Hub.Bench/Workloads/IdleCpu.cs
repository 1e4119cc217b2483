using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>
/// What looking after clients costs that do nothing but say every ten seconds that they are there, in hundredths of a core.
/// </summary>
internal sealed class IdleCpu(string name, Sizes sizes) : Workload(name)
{
    private const int AtOnce = 64;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    public override async Task RunAsync(Cluster cluster, Recorder record)
    {
        await using var swarm = new Swarm(cluster.System, Visitor.Many(sizes.Idle), new Ledger());
        await swarm.ConnectAsync(cluster, AtOnce);
        await SettleAsync(cluster);
        var (server, redis, start) = (cluster.ServerCpu, cluster.RedisCpu, Clock.Now);
        await Task.Delay(sizes.IdleTime, TimeProvider.System);
        var passed = Clock.MicrosecondsSince(start);
        record.Add("server CPU", "% of a core", 100 * (cluster.ServerCpu - server) / passed);
        record.Add("Redis CPU", "% of a core", 100 * (cluster.RedisCpu - redis) / passed);
        record.Add("clients gone", "", swarm.Clients.Count(client => client.IsClosed));
    }

    /// <remarks>What a runtime still compiles of the storm before would be many times what idle users cost.</remarks>
    private async Task SettleAsync(Cluster cluster)
    {
        await cluster.QuietAsync();
        await new WarmUp(TimeProvider.System, sizes.LongestWarmUp)
            .RunAsync(() => Task.Delay(Look, TimeProvider.System), cluster.CompiledMethodsAsync);
    }
}
