using RealtimeHub.Bench.Systems;
using RealtimeHub.Bench.Workloads;

namespace RealtimeHub.Bench.Report;

/// <summary>What shall hold, measured beside stock SignalR unless said.</summary>
internal static class Goals
{
    private const string Ours = PushHubSystem.Label;
    private const string Stock = SignalRSystem.Label;

    public static IReadOnlyList<Goal> All { get; } =
    [
        Beside("Server CPU a connect, token spend, attach and resume included", Stages.Connect, ConnectWorkload.CpuMetric, Stock, 0.75),
        Beside("Users reachable a second after a storm, Redis at +2 ms", Stages.Storm, StormWorkload.RateMetric, Stock, 10) with { AtLeast = true },
        Beside("Idle memory a connection", Stages.Idle, IdleMemory.Metric, Stock, 0.65),
        Beside("Idle memory a connection, beside the floor", Stages.Idle, IdleMemory.Metric, FloorSystem.Label, 1.4),
        new("Server CPU a message to a user, transient", (Stages.SendTransient, SendWorkload.CpuMetric, Ours), (Stages.Send, SendWorkload.CpuMetric, Stock), 0.9),
        Beside("Server CPU a message to a user, durable", Stages.Send, SendWorkload.CpuMetric, Stock, 1.0),
        new("Server CPU a message to a user, durable in batches of 100", (Stages.SendBatch, SendWorkload.CpuMetric, Ours), (Stages.Send, SendWorkload.CpuMetric, Stock), 0.3),
        Beside("Everyone: server CPU a delivery", Stages.Everyone, ManyWorkload.CpuMetric, Stock, 0.85),
        Beside("Everyone: server CPU a delivery, beside Tornado", Stages.Everyone, ManyWorkload.CpuMetric, TornadoSystem.Label, 0.5),
        new(
            "One in a hundred stalled: the others' p99, beside the run without",
            (Stages.Stalled, StalledReadersWorkload.WithMetric, Ours),
            (Stages.Stalled, StalledReadersWorkload.WithoutMetric, Ours),
            2),
    ];

    private static Goal Beside(string what, string workload, string metric, string system, double limit) =>
        new(what, (workload, metric, Ours), (workload, metric, system), limit);
}
