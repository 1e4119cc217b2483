using RealtimeHub.Bench;
using RealtimeHub.Bench.Micro;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Workloads;
using RealtimeHub.Tests.Conventions;

namespace RealtimeHub.Tests.Documentation;

/// <summary>docs/benchmarks.md says what was measured.</summary>
public sealed class BenchmarkPageTests
{
    private const string Path = "docs/benchmarks.md";

    [Fact]
    public void Every_figure_is_what_the_bench_makes_of_the_committed_numbers() =>
        Page.Text(Path).Should().Be(Regions.Fill(Page.Text(Path), Book.Read(System.IO.Path.Combine(Source.Root, "docs", "benchmarks", "latest.csv"))), "`Hub.Bench page` fills it");

    [Fact]
    public void There_is_a_table_of_what_was_asked_and_of_each_workload() => Regions.In(Page.Text(Path)).Should().OnlyHaveUniqueItems().And
        .BeEquivalentTo([Regions.Goals, MicroRun.Table, .. Stages.All.SelectMany(stage => stage.Workloads(new Sizes()))
            .Select(workload => workload.Name)]);
}
