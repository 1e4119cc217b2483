using System.Diagnostics;
using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Peers;
using StackExchange.Redis;

namespace RealtimeHub.Bench.Systems;

/// <summary>
/// The least that a .NET server can do: Kestrel's WebSockets, a GETDEL, and a frame encoded once. One node, no hub protocol.
/// </summary>
internal sealed class FloorSystem : SystemUnderTest
{
    public const string Label = "Floor";

    public override string Name => Label;

    public override IDialect Dialect { get; } = new BareDialect();

    public override bool HasNodes => false;

    public override bool HasGroups => false;

    public override ProcessStartInfo Launch(int port, string redis) =>
        DotNet(BesideThis("Hub.Bench.dll"), "serve", FloorPeer.Command, "--port", $"{port}", "--redis", redis);

    public override Task<string[]> MintAsync(IDatabase redis, IReadOnlyList<Visitor> visitors) =>
        SingleUseTokens.MintAsync(redis, visitors);
}
