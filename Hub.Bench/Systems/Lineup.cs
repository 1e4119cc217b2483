namespace RealtimeHub.Bench.Systems;

/// <summary>Who is measured, in the order of the tables.</summary>
internal static class Lineup
{
    public static IReadOnlyList<SystemUnderTest> All { get; } =
    [
        new PushHubSystem(), new PublishedHubSystem(), new SignalRSystem(), new EmbeddedHubSystem(), new SocketIoSystem(),
        new TornadoSystem(), new FloorSystem(),
    ];

    /// <summary>Ours, the one first that a table takes its ratio of.</summary>
    public static IReadOnlyList<string> Ours { get; } = [PublishedHubSystem.Label, PushHubSystem.Label, EmbeddedHubSystem.Label];
}
