using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>One client in a hundred stops reading, while a backend sends to everyone at a fixed rate. What do the others feel?</summary>
internal sealed class StalledReadersWorkload(string name, Sizes sizes) : Workload(name)
{
    public const string WithMetric = "the others' latency with 1 % stalled p99";
    public const string WithoutMetric = "latency with none stalled p99";

    private const int AtOnce = 64;
    private const int InFlight = 8;
    private const int Users = 100;
    private const double PerSecond = 40;

    // The kernel takes some 2.6 MB for one who does not read, on loopback. Smaller messages would take long to show what happens then.
    private const int Padding = 48_000;
    private const int SmallReceiveBuffer = 4_096;

    public override async Task RunAsync(Cluster cluster, Recorder record)
    {
        await RunAsync(cluster, record, "latency with none stalled", stalled: 0);
        await RunAsync(cluster, record, "the others' latency with 1 % stalled", stalled: Users / 100);
    }

    private async Task RunAsync(Cluster cluster, Recorder record, string metric, int stalled)
    {
        var ledger = new Ledger();
        var visitors = Visitor.Many(Users);
        await using var readers = new Swarm(cluster.System, visitors[stalled..], ledger);
        await using var others = new Swarm(cluster.System, visitors[..stalled], new Ledger());
        await readers.ConnectAsync(cluster, AtOnce);
        await others.ConnectAsync(cluster, AtOnce, SmallReceiveBuffer);
        Array.ForEach(others.Clients, client => client.Stall());
        await PublishAsync(cluster, ledger, others, Users - stalled);
        record.AddPercentiles(metric, ledger.Latencies, 99);
        record.Add($"{(stalled == 0 ? "none" : "1 %")} stalled: messages that did not reach all others", "", ledger.Lost);
    }

    /// <remarks>
    /// Some servers answer a publication when the last client has it, so those who stall go on before the answers are waited for.
    /// </remarks>
    private async Task PublishAsync(Cluster cluster, Ledger ledger, Swarm stalled, int audience)
    {
        await using var backend = await Backend.OpenAsync(cluster.Ports, InFlight);
        await cluster.QuietAsync();
        var messages = (int)(PerSecond * sizes.Stall.TotalSeconds);
        ledger.Begin(messages, audience);
        await Metronome.RunAsync(PerSecond, messages, (number, due) =>
        {
            ledger.Due(number, due);
            backend.Post(Requests.ToEveryone(number, Padding));
        });
        await ledger.CompleteAsync(sizes.Deadline);
        Array.ForEach(stalled.Clients, client => client.Resume());
        await backend.FinishAsync();
    }
}
