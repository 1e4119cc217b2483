using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>
/// The server itself sends to one of many users, sixteen calls in flight: <c>IPublisher</c> beside <c>IHubContext</c>, no HTTP in it.
/// </summary>
internal sealed class InProcessSendWorkload(string name, SendKind kind, Sizes sizes) : SendingWorkload(name)
{
    private const int AtOnce = 64;

    public override string Measures => SendWorkload.CpuMetric;

    public override bool Fits(SystemUnderTest system) =>
        system is EmbeddedHubSystem || (kind == SendKind.Ordinary && system is SignalRSystem);

    public override async Task RunAsync(Cluster cluster, Recorder record)
    {
        var ledger = new Ledger();
        await using var swarm = new Swarm(cluster.System, Visitor.Many(sizes.Users), ledger);
        await ConnectAsync(swarm, cluster, AtOnce);
        await using var backend = await Backend.OpenAsync(PublishingPorts(cluster), 1);
        await cluster.QuietAsync();
        ledger.Begin(sizes.Messages);
        var cost = new Cost(cluster);
        var start = Clock.Now;
        backend.Post(Requests.PushInProcess(
            sizes.Messages, sizes.Users, kind == SendKind.Batch ? SendWorkload.BatchSize : 1, kind == SendKind.Transient));
        await backend.FinishAsync();
        await ledger.CompleteAsync(sizes.Deadline);
        record.Add("messages", "/s", sizes.Messages / (Clock.MicrosecondsSince(start) / 1e6));
        record.Add("lost", "", ledger.Lost);
        await cost.RecordAsync(record, "a message", sizes.Messages);
    }
}
