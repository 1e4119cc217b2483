using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;
using RealtimeHub.Tests.Conventions;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Packages;

/// <summary>The packages as <c>dotnet pack</c> makes them of what these tests run, and a folder for applications that use them.</summary>
public sealed class PackedPackages : IAsyncLifetime
{
    /// <summary>On a machine with much to do a restore takes its time.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    // What the tests run in has settings of MSBuild in its environment, which are none of an application's. No server of builds stays
    // behind.
    private static readonly Dictionary<string, string?> Environment = new(
        System.Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase))
            .Select(name => KeyValuePair.Create(name, (string?)null)))
    {
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["UseSharedCompilation"] = "false",
    };

    private readonly string _root = Directory.CreateTempSubdirectory("realtimehub-packages-").FullName;

    /// <summary>Whether these are no release: a debugger is to find the sources where they are.</summary>
    internal static bool IsDebug => Configuration == "Debug";

    public async Task InitializeAsync()
    {
        foreach (var project in (string[])["Hub.Backend", "Hub.Server", "Hub.Client"])
        {
            await DotnetAsync("pack", Path.Combine(Source.Root, project), "--configuration", Configuration, "--no-build", "--nologo", "--output", _root);
        }

        // Packages that are here already need not be fetched, and those of these tests stay out of the way of everybody else's.
        await File.WriteAllTextAsync(Path.Combine(_root, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{_root}/restored" /></config>
              <fallbackPackageFolders><add key="here" value="{PackagesOfThisMachine}" /></fallbackPackageFolders>
              <packageSources><add key="packed" value="{_root}" /></packageSources>
            </configuration>
            """);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Makes an application of a template of the SDK, and returns its folder.</summary>
    internal async Task<string> NewAsync(string template, string name)
    {
        var folder = Path.Combine(_root, name);
        await DotnetAsync("new", template, "--output", folder, "--no-restore");
        return folder;
    }

    /// <summary>Runs a command of the SDK, which succeeds.</summary>
    internal static async Task<string> DotnetAsync(params string[] arguments)
    {
        var run = await CommandRun.OfProgramAsync("dotnet", arguments, Environment, timeout: Deadline);
        run.ExitCode.Should().Be(0, "{0}", run.Output + run.Error);
        return run.Output;
    }

    internal ZipArchive Open(string package, string extension) =>
        ZipFile.OpenRead(Directory.GetFiles(_root, $"{package}.*{extension}").Should().ContainSingle().Subject);

    /// <summary>What a package depends on.</summary>
    internal IReadOnlyList<(string Id, string Version)> DependenciesOf(string package)
    {
        using var archive = Open(package, ".nupkg");
        using var stream = archive.GetEntry($"{package}.nuspec")!.Open();
        return [.. XDocument.Load(stream).Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(dependency => ((string)dependency.Attribute("id")!, (string)dependency.Attribute("version")!))];
    }

    /// <summary>All packages that an application was restored with, those of those included.</summary>
    internal static IEnumerable<string> ClosureOf(string folder)
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "obj", "project.assets.json")));
        return [.. assets.RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name.Split('/')[0])];
    }

    private static string Configuration =>
        Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;

    private static string PackagesOfThisMachine => System.Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
