using System.Text;
using RealtimeHub.Connections;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Conventions;
using RealtimeHub.Tests.Documentation;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Packages;

public sealed class PackageTests(PackedPackages packages) : IClassFixture<PackedPackages>
{
    private static readonly string[] HubOnly = ["SignalR", "Scalar", "OpenApi", "RabbitMQ", "System.CommandLine", "Systemd", "RealtimeHub.Server"];

    [Theory]
    [InlineData("RealtimeHub.Backend")]
    [InlineData("RealtimeHub.Server")]
    [InlineData("RealtimeHub.Client")]
    public async Task A_worker_that_the_SDK_makes_takes_the_package_as_it_is(string package)
    {
        var worker = await packages.NewAsync("worker", package.Replace("RealtimeHub.", "Uses"));

        var added = await PackedPackages.DotnetAsync("add", worker, "package", package);
        var built = await PackedPackages.DotnetAsync("build", worker, "--nologo");

        (added + built).Should().NotContain("NU1605").And.NotContain("NU1608");
    }

    [Fact]
    public async Task A_worker_with_nothing_but_the_backend_s_package_mints_and_publishes_as_its_page_says()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        var worker = await packages.NewAsync("worker", "PublishesAndMints");
        var shown = Page.Blocks("Hub.Backend/README.md").First(block => block.Language == "csharp").Text;
        await File.WriteAllTextAsync(Path.Combine(worker, "Program.cs"), $"{shown}\nConsole.WriteLine($\"{{id}} {{token.Reveal()}}\");\n");
        await PackedPackages.DotnetAsync("add", worker, "package", "RealtimeHub.Backend");
        await PackedPackages.DotnetAsync("build", worker, "--nologo");

        var run = await CommandRun.OfProgramAsync(
            "dotnet", [Path.Combine(worker, "bin", "Debug", "net10.0", "PublishesAndMints.dll")], new() { ["Redis__Connection"] = CommandRun.Patiently(redis) });

        run.ExitCode.Should().Be(0, "{0}", run.Output + run.Error);
        var (id, token) = run.Output.Trim().Split(' ') is [var first, var second] ? (first, second) : default;
        ((string?)await redis.Database.StringGetAsync($"hub:token:{Node.Sha256(token)}")).Should().Contain("\"sub\":\"alice\"");
        (await redis.Database.StreamRangeAsync("hub:{user%3Aalice}:log")).Should().ContainSingle().Which.Id.ToString().Should().Be(id);
        PackedPackages.ClosureOf(worker).Should().Contain("RealtimeHub.Backend").And.Contain("StackExchange.Redis")
            .And.NotContain(package => HubOnly.Any(part => package.Contains(part, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void The_backend_s_package_asks_for_Redis_and_the_shared_framework_only()
    {
        packages.DependenciesOf("RealtimeHub.Backend").Select(needed => needed.Id).Should().Equal("StackExchange.Redis");
        typeof(Address).Assembly.GetReferencedAssemblies().Should().NotContain(
            assembly => assembly.Name!.Contains("SignalR", StringComparison.Ordinal), "the framework has SignalR, but no backend needs it");
    }

    [Fact]
    public async Task A_host_s_tests_find_the_host_s_own_Program()
    {
        var host = await packages.NewAsync("web", "UsesHub");
        await File.WriteAllTextAsync(Path.Combine(host, "Names.cs"), """
            internal static class Names
            {
                public static System.Type OfProgram => typeof(Program);
                public static System.Type OfHub => typeof(RealtimeHub.Connections.PushHub);
            }
            """);
        await PackedPackages.DotnetAsync("add", host, "package", "RealtimeHub.Server");

        (await PackedPackages.DotnetAsync("build", host, "--nologo")).Should().NotContain("CS0433").And.NotContain("CS0436");
        typeof(PushHub).Assembly.GetExportedTypes().Should().OnlyContain(type => type.Namespace != null && type.Name != "Program");
    }

    [Fact]
    public async Task A_host_is_given_no_exporter_exports_the_hub_s_metrics_by_its_own_and_can_load_every_type_of_the_hub()
    {
        var host = await packages.NewAsync("web", "ExportsMetrics");
        await File.WriteAllTextAsync(Path.Combine(host, "Program.cs"), """
            using OpenTelemetry.Metrics;

            var builder = WebApplication.CreateBuilder(args);
            builder.Services.AddPushHub();
            builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddRealtimeHubInstrumentation());
            await using var app = builder.Build();
            Console.WriteLine($"{typeof(RealtimeHub.Connections.PushHub).Assembly.GetTypes().Length > 100}");
            """);
        await PackedPackages.DotnetAsync("add", host, "package", "RealtimeHub.Server");
        await PackedPackages.DotnetAsync("add", host, "package", "OpenTelemetry.Api.ProviderBuilderExtensions");
        await PackedPackages.DotnetAsync("build", host, "--nologo");

        var run = await CommandRun.OfProgramAsync("dotnet", [Path.Combine(host, "bin", "Debug", "net10.0", "ExportsMetrics.dll")], []);

        (run.ExitCode, run.Output.Trim()).Should().Be((0, "True"), run.Error);
        PackedPackages.ClosureOf(host).Where(package => package.StartsWith("OpenTelemetry")).Should()
            .BeEquivalentTo("OpenTelemetry.Api", "OpenTelemetry.Api.ProviderBuilderExtensions");
    }

    [Theory]
    [InlineData("RealtimeHub.Server")]
    [InlineData("RealtimeHub.Client")]
    public void What_a_package_needs_of_the_framework_is_its_first_version(string package) =>
        packages.DependenciesOf(package).Where(needed => needed.Id.StartsWith("Microsoft.AspNetCore") || needed.Id.StartsWith("Microsoft.Extensions"))
            .Should().NotBeEmpty().And.OnlyContain(needed => needed.Version == "10.0.0");

    [Theory]
    [InlineData("RealtimeHub.Backend", "Hub.Backend")]
    [InlineData("RealtimeHub.Server", "Hub.Server")]
    [InlineData("RealtimeHub.Client", "Hub.Client")]
    public void The_symbols_are_packed_beside_the_package(string package, string assembly)
    {
        using var symbols = packages.Open(package, ".snupkg");

        symbols.Entries.Select(entry => entry.FullName).Should().Contain($"lib/net10.0/{assembly}.pdb");
    }

    [Theory]
    [InlineData("RealtimeHub.Backend", "Hub.Backend")]
    [InlineData("RealtimeHub.Server", "Hub.Server")]
    [InlineData("RealtimeHub.Client", "Hub.Client")]
    public void A_release_does_not_tell_where_or_when_it_was_packed(string package, string assembly)
    {
        using var archive = packages.Open(package, ".nupkg");
        using var stream = archive.GetEntry($"lib/net10.0/{assembly}.dll")!.Open();
        using var reader = new StreamReader(stream, Encoding.Latin1);

        reader.ReadToEnd().Contains(Source.Root, StringComparison.Ordinal).Should().Be(PackedPackages.IsDebug);
        archive.Entries.All(entry => entry.LastWriteTime.UtcDateTime.Date == new DateTime(2026, 1, 1)).Should().Be(!PackedPackages.IsDebug);
    }
}
