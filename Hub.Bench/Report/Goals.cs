using RealtimeHub.Bench.Systems;
using RealtimeHub.Bench.Workloads;

namespace RealtimeHub.Bench.Report;

/// <summary>What shall hold, in the words in which it was asked for: beside stock SignalR in the same run, warm, unless said.</summary>
internal static class Goals
{
    private const string Ours = PushHubSystem.Label;
    private const string Embedded = EmbeddedHubSystem.Label;
    private const string Published = PublishedHubSystem.Label;
    private const string Stock = SignalRSystem.Label;
    private const string Floor = FloorSystem.Label;

    public static IReadOnlyList<Goal> All { get; } =
    [
        new(
            "idle memory a connection",
            "0.55×, and 1.45× the floor",
            Beside(Stock, Stages.Idle, IdleMemory.Metric, 0.55),
            Beside(Floor, Stages.Idle, IdleMemory.Metric, 1.45)),
        new(
            "everyone: server CPU a delivery",
            "0.5×, and 0.8× the floor",
            Beside(Stock, Stages.Everyone, ManyWorkload.CpuMetric, 0.5),
            Beside(Floor, Stages.Everyone, ManyWorkload.CpuMetric, 0.8)),
        new(
            "groups of 10 / of 1,000",
            "0.85× / 0.5×",
            Beside(Stock, Stages.SmallGroups, ManyWorkload.CpuMetric, 0.85),
            Beside(Stock, Stages.LargeGroups, ManyWorkload.CpuMetric, 0.5)),
        new(
            "send over HTTP: transient / durable / batch of 100",
            "0.9× / 1.0× / 0.35×",
            OverHttp(Stages.SendTransient, 0.9),
            OverHttp(Stages.Send, 1.0),
            OverHttp(Stages.SendBatch, 0.35)),
        new(
            "send over HTTP, to clients that tell what they have handled",
            "1.1× of what it is to those that do not",
            new Bound(
                new(Stages.SendWithReceipts, SendWorkload.CpuMetric, Ours),
                new(Stages.SendWithReceipts, SendWorkload.CpuWithoutReceipts, Ours), 1.1)),
        new(
            "send in process: transient / durable",
            "0.9× / 1.1×",
            InProcess(Stages.SendInProcessTransient, 0.9),
            InProcess(Stages.SendInProcess, 1.1)),
        new("connect, with spend, attach and heads", "0.85×", Beside(Stock, Stages.Connect, ConnectWorkload.CpuMetric, 0.85)),
        new(
            "fresh node, published form: CPU of each of the first 2,000 users",
            "2× of our own warm figure; ready within 5 s",
            new(new(Stages.Fresh, StormWorkload.CpuMetric, Published), new(Stages.WarmStorm, StormWorkload.CpuMetric, Ours), 2),
            new(new(Stages.Fresh, FreshNode.ReadyMetric, Published), null, 5, Unit: " s")),
        new("Redis CPU a durable message", "2.2× of stock's publish", Beside(Stock, Stages.Send, SendWorkload.RedisMetric, 2.2)),
        new(
            "storm at + 2 ms, warm / fresh node",
            "≥ 10× / ≥ 6× users reachable a second, none lost",
            Reachable(Stages.Storm, Ours, 10),
            Reachable(Stages.FreshStorm, Published, 6),
            None(Stages.Storm, StormWorkload.LostMetric, Ours, " % lost"),
            None(Stages.FreshStorm, StormWorkload.LostMetric, Published, " % lost")),
        new(
            "one client in a hundred does not read: the others' p99",
            "2× of what it is without",
            new Bound(
                new(Stages.Stalled, StalledReadersWorkload.WithMetric, Ours),
                new(Stages.Stalled, StalledReadersWorkload.WithoutMetric, Ours), 2)),
        new(
            "100,000 connections on six nodes of this machine; one is killed",
            "99 % back within 10 s of knocking again, none lost, the web app's endpoint untouched by more than their tokens",
            new(new(Stages.Crowd, Crowd.BackMetric, Ours), null, 10, Unit: " s"),
            None(Stages.Crowd, Crowd.LostMetric, Ours, " lost"),
            new(new(Stages.Crowd, Crowd.TokensMetric, Ours), null, 1, Unit: " tokens each")),
    ];

    private static Bound Beside(string system, string workload, string metric, double limit) =>
        new(new(workload, metric, Ours), new(workload, metric, system), limit);

    /// <remarks>Stock has one way to send, and each of ours is measured beside it.</remarks>
    private static Bound OverHttp(string workload, double limit) =>
        new(new(workload, SendWorkload.CpuMetric, Ours), new(Stages.Send, SendWorkload.CpuMetric, Stock), limit);

    private static Bound InProcess(string workload, double limit) =>
        new(new(workload, SendWorkload.CpuMetric, Embedded), new(Stages.SendInProcess, SendWorkload.CpuMetric, Stock), limit);

    private static Bound Reachable(string workload, string system, double limit) =>
        new(new(workload, StormWorkload.RateMetric, system), new(workload, StormWorkload.RateMetric, Stock), limit, AtLeast: true);

    private static Bound None(string workload, string metric, string system, string unit) =>
        new(new(workload, metric, system), null, 0, Unit: unit);
}
