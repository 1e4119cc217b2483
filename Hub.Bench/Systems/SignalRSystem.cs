using System.Diagnostics;
using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Peers;
using StackExchange.Redis;

namespace RealtimeHub.Bench.Systems;

/// <summary>Stock SignalR with JwtBearer and the Redis backplane.</summary>
internal sealed class SignalRSystem : SystemUnderTest
{
    public const string Label = "SignalR";

    public override string Name => Label;

    public override IDialect Dialect { get; } = new SignalRDialect();

    public override ProcessStartInfo Launch(int port, string redis) =>
        DotNet(BesideThis("Hub.Bench.dll"), "serve", SignalRPeer.Command, "--port", $"{port}", "--redis", redis);

    public override Task<string[]> MintAsync(IDatabase redis, IReadOnlyList<Visitor> visitors) =>
        Task.FromResult<string[]>([.. visitors.Select(visitor => BearerTokens.Mint(visitor.Name, visitor.Groups))]);
}
