using RealtimeHub.Bench.Load;
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
    public const string SendWithReceipts = "Send to a user over HTTP, with receipts";
    public const string SendInProcess = "Send to a user in process";
    public const string SendInProcessTransient = "Send to a user in process, transient";
    public const string SendInProcessBatch = "Send to users in process in batches of 100";
    public const string Everyone = "Everyone";
    public const string Stalled = "Stalled readers";
    public const string Storm = "Storm, Redis +2 ms";
    public const string WarmStorm = "Storm";
    public const string Fresh = "Fresh node";
    public const string FreshStorm = "Fresh node, storm, Redis +2 ms";
    public const string SmallGroups = "Groups of 10";
    public const string LargeGroups = "Groups of 1000";
    public const string Idle = "Idle memory";
    public const string Crowd = "Crowd on six nodes";

    private static readonly TimeSpan RedisAfar = TimeSpan.FromMilliseconds(2);

    public static IReadOnlyList<Stage> All { get; } =
    [
        new("loopback", sizes =>
        [
            new ConnectWorkload(Connect, sizes),
            new SendWorkload(Send, SendKind.Ordinary, sizes),
            new SendWorkload(SendTransient, SendKind.Transient, sizes),
            new SendWorkload(SendBatch, SendKind.Batch, sizes),
            new SendWorkload(SendWithReceipts, SendKind.Ordinary, sizes) { HasReceipts = true },
            new InProcessSendWorkload(SendInProcess, SendKind.Ordinary, sizes) { IsThorough = true },
            new InProcessSendWorkload(SendInProcessTransient, SendKind.Transient, sizes) { IsThorough = true },
            new InProcessSendWorkload(SendInProcessBatch, SendKind.Batch, sizes) { IsThorough = true },
            new ManyWorkload(Everyone, groupSize: null, sizes),
            new ManyWorkload(SmallGroups, groupSize: 10, sizes) { IsThorough = true },
            new ManyWorkload(LargeGroups, groupSize: 1_000, sizes) { IsThorough = true },
            new StormWorkload(WarmStorm, sizes.Storm) { IsThorough = true },
        ]),
        new("remote", sizes =>
        [
            new SendWorkload("Send to a user over HTTP on another node", SendKind.Ordinary, sizes) { IsThorough = true, IsRemote = true },
            new SendWorkload("Send to a user over HTTP on another node, transient", SendKind.Transient, sizes) { IsThorough = true, IsRemote = true },
            new InProcessSendWorkload("Send to a user in process on another node", SendKind.Ordinary, sizes) { IsThorough = true, IsRemote = true },
            new InProcessSendWorkload("Send to a user in process on another node, transient", SendKind.Transient, sizes) { IsThorough = true, IsRemote = true },
        ])
        {
            Nodes = 2,
            Fits = system => system is PushHubSystem or SignalRSystem or EmbeddedHubSystem,
        },
        new("stalled", sizes => [new StalledReadersWorkload(Stalled, sizes)]),
        new("far", sizes => [new ConnectWorkload("Connect, Redis +2 ms", sizes), new StormWorkload(Storm, sizes.Storm)])
        {
            RedisDelay = RedisAfar,
        },
        new("fresh", sizes => [new FreshNode(Fresh, sizes.Fresh), new FreshNode("Fresh node, many users", sizes.FreshMany) { IsThorough = true }])
        {
            IsFresh = true,
            Fits = StartsFresh,
        },
        new("fresh-far", sizes => [new FreshNode(FreshStorm, sizes.Storm) { IsThorough = true }])
        {
            IsFresh = true,
            RedisDelay = RedisAfar,
            Fits = StartsFresh,
        },
        new("memory", sizes => [new IdleMemory(Idle, sizes), new IdleMemory("Idle memory, headers of a browser", sizes, BrowserHeaders.Text) { IsThorough = true }])
        {
            IsFresh = true,
        },
        new("idle", sizes => [new IdleCpu("Idle users", sizes)])
        {
            IsFresh = true,
            Fits = system => system is PushHubSystem or SignalRSystem or FloorSystem,
        },
        new("resume", sizes =>
        [
            new ResumeWorkload("Resume after a node's death", sizes) { IsThorough = true },
            new ResumeWorkload("Resume after a node's death, by a token of the web app", sizes) { IsThorough = true, By = ReturnBy.TokenOfWebApp },
            new ResumeWorkload("Resume after a node's death, by secret", sizes) { IsThorough = true, By = ReturnBy.Secret },
        ])
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
        new("crowd", sizes => [new Workloads.Crowd(Crowd, sizes) { IsThorough = true }])
        {
            IsFresh = true,
            Nodes = Workloads.Crowd.Nodes,
            Fits = system => system is PushHubSystem,
        },
    ];

    private static bool StartsFresh(SystemUnderTest system) =>
        system is PublishedHubSystem or PushHubSystem or SignalRSystem or FloorSystem;
}
