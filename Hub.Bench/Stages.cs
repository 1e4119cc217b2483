using RealtimeHub.Bench.Systems;
using RealtimeHub.Bench.Workloads;

namespace RealtimeHub.Bench;

/// <summary>All that is measured, in the order of the tables.</summary>
internal static class Stages
{
    public const string Connect = "Connect";
    public const string Send = "Send to a user over HTTP";
    public const string SendTransient = "Send to a user over HTTP, transient";
    public const string SendBatch = "Send to users over HTTP in batches of 100";
    public const string SendInProcess = "Send to a user in process";
    public const string SendInProcessTransient = "Send to a user in process, transient";
    public const string SendInProcessBatch = "Send to users in process in batches of 100";
    public const string Everyone = "Everyone";
    public const string Stalled = "Stalled readers";
    public const string Storm = "Storm, Redis +2 ms";
    public const string Idle = "Idle memory";

    public static IReadOnlyList<Stage> All { get; } =
    [
        new("loopback", sizes =>
        [
            new ConnectWorkload(Connect, sizes),
            new SendWorkload(Send, SendKind.Ordinary, sizes),
            new SendWorkload(SendTransient, SendKind.Transient, sizes),
            new SendWorkload(SendBatch, SendKind.Batch, sizes),
            new InProcessSendWorkload(SendInProcess, SendKind.Ordinary, sizes) { IsThorough = true },
            new InProcessSendWorkload(SendInProcessTransient, SendKind.Transient, sizes) { IsThorough = true },
            new InProcessSendWorkload(SendInProcessBatch, SendKind.Batch, sizes) { IsThorough = true },
            new ManyWorkload(Everyone, groupSize: null, sizes),
            new ManyWorkload("Groups of 10", groupSize: 10, sizes) { IsThorough = true },
            new ManyWorkload("Groups of 1000", groupSize: 1_000, sizes) { IsThorough = true },
        ]),
        new("stalled", sizes => [new StalledReadersWorkload(Stalled, sizes)]),
        new("far", sizes => [new ConnectWorkload("Connect, Redis +2 ms", sizes), new StormWorkload(Storm, sizes)])
        {
            RedisDelay = TimeSpan.FromMilliseconds(2),
        },
        new("memory", sizes => [new IdleMemory(Idle, sizes)]) { IsFresh = true },
        new("resume", sizes => [new ResumeWorkload("Resume after a node's death", sizes) { IsThorough = true }])
        {
            IsFresh = true,
            Fits = system => system is PushHubSystem or SignalRSystem or SocketIoSystem,
        },
        new("nodes", sizes =>
        [
            new ConnectWorkload("Connect, three nodes", sizes) { IsThorough = true },
            new SendWorkload("Send to a user over HTTP, three nodes", SendKind.Ordinary, sizes) { IsThorough = true },
        ])
        {
            Nodes = 3,
            Fits = system => system is PushHubSystem or SignalRSystem or SocketIoSystem,
        },
        new("crowd", sizes => [new Crowd("Crowd on four nodes", sizes) { IsThorough = true }])
        {
            IsFresh = true,
            Nodes = Crowd.Nodes,
            Fits = system => system is PushHubSystem,
        },
    ];
}
