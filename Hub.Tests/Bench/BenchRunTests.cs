using RealtimeHub.Bench;
using RealtimeHub.Bench.Micro;
using RealtimeHub.Bench.Report;
using RealtimeHub.Tests.Conventions;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Bench;

/// <summary>The whole program, as <c>dotnet run build.cs bench</c> starts it.</summary>
public sealed class BenchRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-bench-");

    private string Csv => Path.Combine(_folder.FullName, "new", "bench.csv");

    [Fact]
    public async Task A_run_prints_its_tables_and_keeps_every_number()
    {
        var run = await RunAsync("run", "--quick", "--stages", "loopback", "--systems", "RealtimeHub", "Floor", "--workloads", "Connect", "--rounds", "1", "--csv", Csv);

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Contain("| what | at most | measured | holds |").And.Contain("### Connect\n\n|  | RealtimeHub | Floor |\n").And.Contain(Csv);
        Book.Read(Csv).Measurements.Should()
            .Contain(measurement => measurement.System == "Floor" && measurement.Metric == "connects" && measurement.Value > 0);
        Path.Combine(_folder.FullName, "new", "bench.ratios.csv").Should().Match(file => File.Exists(file));
        (await RunAsync("show", Csv)).Output.Should().Contain("### Connect\n\n|  | RealtimeHub | Floor |\n");
    }

    [Fact]
    public async Task Help_fits_in_100_columns_and_names_every_stage()
    {
        var run = await RunAsync("run", "--help");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Error = "" });
        run.Output.Split('\n').Should().OnlyContain(line => line.Length <= 100);
        run.Output.Should().ContainAll(Stages.All.Select(stage => stage.Name));
    }

    [Fact]
    public async Task Whoever_asks_for_a_system_that_there_is_not_is_told_which_there_are()
    {
        var run = await RunAsync("run", "--systems", "Nobody");

        run.ExitCode.Should().Be(1);
        run.Error.Should().ContainAll(["Nobody", .. RealtimeHub.Bench.Systems.Lineup.All.Select(system => system.Name)]);
    }

    [Fact]
    public async Task A_system_whose_runtime_is_missing_is_left_out_and_named()
    {
        var run = await RunAsync(["run", "--systems", "Socket.IO", "--csv", Csv], path: _folder.FullName);

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().StartWith("Socket.IO is left out: there is no node on the PATH");
        run.Error.Should().Contain("Socket.IO is left out");
    }

    [Fact]
    public async Task A_quick_run_names_what_it_leaves_out_in_its_file_as_well()
    {
        var run = await RunAsync("run", "--quick", "--stages", "crowd", "--csv", Csv);

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().StartWith("Crowd on six nodes is left out: it takes too long for --quick.");
        Book.Read(Csv).Remarks.Should().Equal("Crowd on six nodes is left out: it takes too long for --quick.");
    }

    [Fact]
    public async Task A_page_is_filled_from_a_file()
    {
        var page = Path.Combine(_folder.FullName, "page.md");
        await File.WriteAllTextAsync(page, "Before\n<!-- table: Goals -->\n<!-- /table -->\nAfter\n");
        new Book().Write(Csv);

        (await RunAsync("page", Csv, page)).ExitCode.Should().Be(0);

        (await File.ReadAllTextAsync(page)).Should().StartWith("Before\n<!-- table: Goals -->\n| what |").And.EndWith("| not measured yet |\n<!-- /table -->\nAfter\n");
    }

    [Fact]
    public async Task A_hot_path_is_measured_by_itself_with_what_it_allocates()
    {
        var run = await RunAsync("micro", "--dry", "--filter", "*EnvelopeBenchmarks.Encode*", "--csv", Csv);

        run.ExitCode.Should().Be(0, run.Output);
        run.Output.Should().MatchRegex(@"\| Method +\| .*Allocated \|\n.*\n\| Encode +\|").And.NotContain("| Call");
        Book.Read(Csv).Measurements.Should().HaveCount(2).And.OnlyContain(
            measurement => measurement.Workload == MicroRun.Table && measurement.Metric == "Envelope: Encode" && measurement.Value > 0);
        Directory.EnumerateFiles(Path.Combine(Source.Root, "artifacts", "micro", "results"), "*EnvelopeBenchmarks*").Should().NotBeEmpty();
        Directory.Exists(Path.Combine(Path.GetTempPath(), "BenchmarkDotNet.Artifacts")).Should().BeFalse();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Task<CommandRun> RunAsync(params string[] arguments) => RunAsync(arguments, Environment.GetEnvironmentVariable("PATH")!);

    private static Task<CommandRun> RunAsync(string[] arguments, string path) => CommandRun.OfProgramAsync(
        DotNet(), [typeof(BenchCommandLine).Assembly.Location, .. arguments], new() { ["PATH"] = path }, timeout: TimeSpan.FromMinutes(3));

    private static string DotNet() =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "dotnet")).First(File.Exists);
}
