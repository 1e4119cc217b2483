using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using RealtimeHub.Bench.Load;
using StackExchange.Redis;

namespace RealtimeHub.Bench.Systems;

/// <summary>
/// The seed: a Tornado server that reads the token and then deletes it, and keeps its sockets by user. One node, no groups.
/// </summary>
internal sealed class TornadoSystem : SystemUnderTest
{
    public const string Label = "Tornado";

    private const string Python = "/usr/bin/python3";

    public override string Name => Label;

    public override string? Missing => File.Exists("/usr/lib/python3/dist-packages/tornado/__init__.py") && File.Exists("/usr/lib/python3/dist-packages/redis/__init__.py")
        ? null
        : $"{Python} has no tornado or no redis: install python3-tornado and python3-redis";

    public override bool IsDotNet => false;

    public override IDialect Dialect { get; } = new BareDialect();

    public override bool HasNodes => false;

    public override bool HasGroups => false;

    public override ProcessStartInfo Launch(int port, string redis) =>
        new(Python, [Checkout.Path("Hub.Bench", "Peers", "tornado", "server.py"), "--port", $"{port}", "--redis", redis])
        {
            Environment = { ["BENCH_API_KEY"] = Requests.ApiKey },
        };

    public override async Task<string[]> MintAsync(IDatabase redis, IReadOnlyList<Visitor> visitors)
    {
        string[] tokens = [.. visitors.Select(_ => "wstoken" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)))];
        var time = TimeProvider.System.GetUtcNow().ToString("dd:MM:yyyy:HH:mm:ss", CultureInfo.InvariantCulture);
        await Task.WhenAll(tokens.Zip(
            visitors, (token, visitor) => redis.StringSetAsync(token, JsonSerializer.Serialize(new { user = visitor.Name, time }))));
        return tokens;
    }
}
