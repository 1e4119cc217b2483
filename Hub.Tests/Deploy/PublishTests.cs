using System.Text.Json;
using System.Xml.Linq;
using RealtimeHub.Tests.Conventions;

namespace RealtimeHub.Tests.Deploy;

/// <summary>What <c>dotnet run build.cs publish</c> makes for operators. Its <c>--check</c> runs the result.</summary>
public sealed class PublishTests
{
    private static readonly string[] Platforms = ["linux-x64", "linux-arm64"];

    public static TheoryData<string, string> Published
    {
        get
        {
            var published = new TheoryData<string, string>();
            foreach (var platform in Platforms)
            {
                published.Add("Hub.Backend", platform);
                published.Add("Hub.Server", platform);
            }

            return published;
        }
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void It_takes_the_very_packages_that_are_tested(string project, string platform) =>
        PackagesIn(project, $"packages.{platform}.lock.json").Should().NotBeEmpty().And.Be(PackagesIn(project, "packages.lock.json"));

    [Fact]
    public void What_only_the_program_needs_and_no_host_of_the_package_is_published_with_it()
    {
        var packages = XDocument.Load(Path.Combine(Source.Root, "Hub.Server", "Hub.Server.csproj")).Descendants("PackageReference")
            .Where(package => (string?)package.Attribute("PrivateAssets") == "all" && !((string)package.Attribute("Include")!).EndsWith("Analyzers"));

        packages.Should().NotBeEmpty().And.OnlyContain(package => (string?)package.Attribute("Publish") == "true", "else the SDK leaves it out");
    }

    [Fact]
    public void The_image_is_made_of_it()
    {
        var dockerfile = Fixtures.DeployedFile.Read("Dockerfile");

        dockerfile.Should().Contain("dotnet run build.cs publish linux-").And.Contain("runtime-deps", "it brings its own .NET");
        dockerfile.Should().Contain("ENTRYPOINT [\"./Hub.Server\"]");
    }

    private static string PackagesIn(string project, string file)
    {
        using var locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(Source.Root, project, file)));
        return locked.RootElement.GetProperty("dependencies").GetProperty("net10.0").GetRawText();
    }
}
