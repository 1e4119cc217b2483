using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;
using Measurement = RealtimeHub.Bench.Report.Measurement;

namespace RealtimeHub.Bench.Micro;

/// <summary>Runs the hot paths by themselves, in this process: nothing is built for it, and Redis is another process anyway.</summary>
internal static class MicroRun
{
    /// <summary>The name of their table.</summary>
    public const string Table = "Hot paths by themselves";

    /// <param name="filters">Which, as BenchmarkDotNet's globs.</param>
    /// <param name="isDry">Each once, only to see that it runs.</param>
    /// <param name="csv">A file of measurements that theirs are added to, in place of what it had of them; null for none.</param>
    /// <returns>Whether any ran, and none failed.</returns>
    public static bool Run(IEnumerable<string> filters, bool isDry, string? csv)
    {
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroRun).Assembly).Run(["--filter", .. filters], ConfigFor(isDry)).ToList();
        if (csv is not null)
        {
            var book = File.Exists(csv) ? Book.Read(csv) : new Book();
            book.Replace(
                Table, summaries.SelectMany(summary => summary.Reports).Where(report => report.Success).SelectMany(MeasurementsOf));
            book.Write(csv);
        }

        return summaries.Count > 0
            && summaries.All(summary => !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success));
    }

    private static IEnumerable<Measurement> MeasurementsOf(BenchmarkReport report)
    {
        var measured = report.BenchmarkCase;
        var name = $"{measured.Descriptor.WorkloadMethod.Name}, {measured.Parameters.ValueInfo}".TrimEnd(',', ' ');
        var path = $"{measured.Descriptor.Type.Name.Replace("Benchmarks", "", StringComparison.Ordinal)}: {name}";
        yield return new Measurement(Table, path, "", "time, µs", Round: 1, report.ResultStatistics!.Mean / 1_000);
        yield return new Measurement(Table, path, "", "allocated, bytes", Round: 1, report.GcStats.GetBytesAllocatedPerOperation(measured) ?? double.NaN);
    }

    private static ManualConfig ConfigFor(bool isDry) => ManualConfig.Create(DefaultConfig.Instance)
        .AddJob((isDry ? Job.Dry : Job.Default).WithToolchain(InProcessEmitToolchain.Instance))
        .WithOptions(isDry ? ConfigOptions.DisableOptimizationsValidator : ConfigOptions.Default)
        .WithArtifactsPath(Checkout.Path("artifacts", "micro"));
}
