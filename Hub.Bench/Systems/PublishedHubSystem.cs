using System.Diagnostics;
using System.Runtime.InteropServices;
using RealtimeHub.Bench.Load;
using StackExchange.Redis;

namespace RealtimeHub.Bench.Systems;

/// <summary>RealtimeHub as an operator runs it: the server's own program in the form that <c>build.cs publish</c> makes.</summary>
internal sealed class PublishedHubSystem : SystemUnderTest
{
    public const string Label = "RealtimeHub, published";

    private static readonly string Program = Checkout.Path("artifacts", "publish", RuntimeInformation.RuntimeIdentifier, "Hub.Server");

    public override string Name => Label;

    public override string? Missing =>
        File.Exists(Program) ? null : $"there is no {Program}, so the server is measured only as it was built: run dotnet run build.cs publish";

    public override IDialect Dialect { get; } = new PushDialect();

    public override ProcessStartInfo Launch(int port, string redis) =>
        PushHubSystem.Configure(Hooked(Program, PushHubSystem.Urls(port)), redis);

    public override Task<string[]> MintAsync(IDatabase redis, IReadOnlyList<Visitor> visitors) =>
        SingleUseTokens.MintAsync(redis, visitors);
}
