using System.Diagnostics;
using RealtimeHub.Bench.Load;
using StackExchange.Redis;

namespace RealtimeHub.Bench.Systems;

/// <summary>Socket.IO with its Redis adapter, spending the same single-use token.</summary>
internal sealed class SocketIoSystem : SystemUnderTest
{
    private static readonly string Folder = Checkout.Path("Hub.Bench", "Peers", "socketio");

    public override string Name => "Socket.IO";

    public override string? Missing =>
        !Checkout.IsOnPath("node") ? "there is no node on the PATH: install Node.js 20 or later"
        : !Directory.Exists(Path.Combine(Folder, "node_modules")) ? $"its packages are not installed: run npm ci in {Folder}"
        : null;

    public override bool IsDotNet => false;

    public override IDialect Dialect { get; } = new SocketIoDialect();

    public override ProcessStartInfo Launch(int port, string redis) =>
        new("node", ["--expose-gc", Path.Combine(Folder, "server.mjs"), "--port", $"{port}", "--redis", redis])
        {
            Environment = { ["BENCH_API_KEY"] = Requests.ApiKey, ["NODE_ENV"] = "production" },
        };

    public override Task<string[]> MintAsync(IDatabase redis, IReadOnlyList<Visitor> visitors) =>
        SingleUseTokens.MintAsync(redis, visitors);
}
