using System.Diagnostics;
using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Peers;
using StackExchange.Redis;

namespace RealtimeHub.Bench.Systems;

/// <summary>RealtimeHub as a .NET application embeds it, which publishes in process with <c>IPublisher</c>.</summary>
internal sealed class EmbeddedHubSystem : SystemUnderTest
{
    public const string Label = "RealtimeHub, embedded";

    public override string Name => Label;

    public override IDialect Dialect { get; } = new PushDialect();

    public override ProcessStartInfo Launch(int port, string redis) =>
        DotNet(BesideThis("Hub.Bench.dll"), "serve", EmbeddedHub.Command, "--port", $"{port}", "--redis", redis);

    public override Task<string[]> MintAsync(IDatabase redis, IReadOnlyList<Visitor> visitors) =>
        SingleUseTokens.MintAsync(redis, visitors);
}
