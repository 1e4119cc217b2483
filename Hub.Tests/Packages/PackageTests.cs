using System.Text;
using RealtimeHub.Connections;
using RealtimeHub.Tests.Conventions;

namespace RealtimeHub.Tests.Packages;

public sealed class PackageTests(PackedPackages packages) : IClassFixture<PackedPackages>
{
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
        typeof(PushHub).Assembly.GetExportedTypes().Should().OnlyContain(type => type.Namespace!.StartsWith("RealtimeHub"));
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
