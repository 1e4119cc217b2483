using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Micro;

/// <summary>Runs the hot paths by themselves, in this process: nothing is built for it, and Redis is another process anyway.</summary>
internal static class MicroRun
{
    /// <param name="filters">Which, as BenchmarkDotNet's globs.</param>
    /// <param name="isDry">Each once, only to see that it runs.</param>
    /// <returns>Whether any ran, and none failed.</returns>
    public static bool Run(IEnumerable<string> filters, bool isDry)
    {
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroRun).Assembly).Run(["--filter", .. filters], ConfigFor(isDry)).ToList();
        return summaries.Count > 0 && summaries.All(summary => !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success));
    }

    private static ManualConfig ConfigFor(bool isDry) => ManualConfig.Create(DefaultConfig.Instance)
        .AddJob((isDry ? Job.Dry : Job.Default).WithToolchain(InProcessEmitToolchain.Instance))
        .WithOptions(isDry ? ConfigOptions.DisableOptimizationsValidator : ConfigOptions.Default)
        .WithArtifactsPath(Checkout.Path("artifacts", "micro"));
}
