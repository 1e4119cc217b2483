using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using RealtimeHub.Bench.Load;
using StackExchange.Redis;

namespace RealtimeHub.Bench.Systems;

/// <summary>The server's own program, as it was built.</summary>
internal sealed class PushHubSystem : SystemUnderTest
{
    public const string Label = "RealtimeHub";

    public override string Name => Label;

    public override IDialect Dialect { get; } = new PushDialect();

    public override ProcessStartInfo Launch(int port, string redis) => Configure(DotNet(BesideThis("Hub.Server.dll"), Urls(port)), redis);

    /// <summary>Where the server listens.</summary>
    public static string[] Urls(int port) => ["--urls", $"http://127.0.0.1:{port}"];

    /// <summary>The settings of a server that is measured.</summary>
    public static ProcessStartInfo Configure(ProcessStartInfo start, string redis)
    {
        start.Environment["Redis__Connection"] = redis;
        start.Environment["Api__Keys__bench"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Requests.ApiKey)));
        start.Environment["Api__MessagesPerSecond"] = "0";

        // A crowd is more than the three quarters of the files that a node has for its connections.
        start.Environment["Limits__Connections"] = "1000000";
        return start;
    }

    public override Task<string[]> MintAsync(IDatabase redis, IReadOnlyList<Visitor> visitors) =>
        SingleUseTokens.MintAsync(redis, visitors);
}
