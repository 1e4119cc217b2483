using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;
using RealtimeHub.Bench.Workloads;

namespace RealtimeHub.Bench;

/// <summary>A run: each stage starts the systems that it takes, lets them take turns round by round, and ends them.</summary>
/// <param name="sizes">How much is done.</param>
/// <param name="systems">Who takes part.</param>
internal sealed class BenchRun(Sizes sizes, IReadOnlyList<SystemUnderTest> systems)
{
    private readonly long _start = Clock.Now;

    public Book Book { get; } = new();

    /// <exception cref="InvalidOperationException">A system did not start, or refused what was meant to be measured.</exception>
    public async Task RunAsync(IEnumerable<Stage> stages)
    {
        Book.Omissions.AddRange(systems.Where(system => system.Missing is not null).Select(system => $"{system} is left out: {system.Missing}."));
        Book.Omissions.ForEach(Say);
        foreach (var stage in stages)
        {
            SystemUnderTest[] taking = [.. systems.Where(system => system.Missing is null && stage.Fits(system) && stage.Workloads(sizes).Any(workload => workload.Fits(system)))];
            await (stage.IsFresh ? RunOneByOneAsync(stage, taking) : RunBesideOneAnotherAsync(stage, taking));
        }
    }

    private async Task RunBesideOneAnotherAsync(Stage stage, SystemUnderTest[] taking)
    {
        var clusters = new List<Cluster>();
        try
        {
            foreach (var system in taking)
            {
                Say($"{stage.Name}: {system} starts and warms up");
                clusters.Add(await Cluster.StartAsync(system, stage.Nodes, stage.RedisDelay));
                await RunAsync(stage.Workloads(Sizes.WarmUp), [clusters[^1]], new Book(), round: 0);
            }

            for (var round = 1; round <= sizes.Rounds; round++)
            {
                Say($"{stage.Name}: round {round} of {sizes.Rounds}");
                await RunAsync(stage.Workloads(sizes), clusters, Book, round);
            }
        }
        finally
        {
            clusters.ForEach(cluster => cluster.Dispose());
        }
    }

    private async Task RunOneByOneAsync(Stage stage, SystemUnderTest[] taking)
    {
        var workloads = stage.Workloads(sizes);
        for (var round = 1; round <= sizes.FreshRounds && workloads.Length > 0; round++)
        {
            foreach (var system in taking)
            {
                Say($"{stage.Name}: round {round} of {sizes.FreshRounds}, {system}");
                using var cluster = await Cluster.StartAsync(system, stage.Nodes, stage.RedisDelay);
                await RunAsync(workloads, [cluster], Book, round);
            }
        }
    }

    /// <remarks>Each round begins with another system, so that none always comes after the same.</remarks>
    private static async Task RunAsync(Workload[] workloads, List<Cluster> clusters, Book book, int round)
    {
        foreach (var workload in workloads)
        {
            foreach (var index in Enumerable.Range(round, clusters.Count))
            {
                var cluster = clusters[index % clusters.Count];
                if (workload.Fits(cluster.System))
                {
                    await workload.RunAsync(cluster, new Recorder(book, workload.Name, cluster.System.Name, round));
                }
            }
        }
    }

    private void Say(string what) => Console.Error.WriteLine($"{Clock.MicrosecondsSince(_start) / 1_000_000,4} s  {what}");
}
