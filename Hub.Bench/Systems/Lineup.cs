namespace RealtimeHub.Bench.Systems;

/// <summary>Who is measured, in the order of the tables.</summary>
internal static class Lineup
{
    public static IReadOnlyList<SystemUnderTest> All { get; } =
        [new PushHubSystem(), new SignalRSystem(), new EmbeddedHubSystem(), new SocketIoSystem(), new TornadoSystem(), new FloorSystem()];
}
