using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using RealtimeHub.Bench.Load;
using StackExchange.Redis;

namespace RealtimeHub.Bench.Systems;

/// <summary>RealtimeHub as an operator runs it: the server's own program.</summary>
internal sealed class PushHubSystem : SystemUnderTest
{
    public const string Label = "RealtimeHub";

    public override string Name => Label;

    public override IDialect Dialect { get; } = new PushDialect();

    public override ProcessStartInfo Launch(int port, string redis)
    {
        var start = DotNet(BesideThis("Hub.Server.dll"), "--urls", $"http://127.0.0.1:{port}");
        start.Environment["Redis__Connection"] = redis;
        start.Environment["Api__Keys__bench"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Requests.ApiKey)));
        start.Environment["Api__MessagesPerSecond"] = "0";
        return start;
    }

    public override Task<string[]> MintAsync(IDatabase redis, IReadOnlyList<Visitor> visitors) =>
        SingleUseTokens.MintAsync(redis, visitors);
}
