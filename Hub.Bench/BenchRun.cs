using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;
using RealtimeHub.Bench.Workloads;

namespace RealtimeHub.Bench;

/// <summary>A run: each stage starts the systems that it takes, lets them take turns round by round, and ends them.</summary>
/// <param name="sizes">How much is done.</param>
/// <param name="systems">Who takes part.</param>
/// <param name="csv">Where the numbers go after each round, so that a run which ends early has not been for nothing.</param>
internal sealed class BenchRun(Sizes sizes, IReadOnlyList<SystemUnderTest> systems, string csv)
{
    private readonly long _start = Clock.Now;

    public Book Book { get; } = new();

    /// <exception cref="InvalidOperationException">A system did not start, or refused what was meant to be measured.</exception>
    public async Task RunAsync(IReadOnlyList<Stage> stages)
    {
        Book.Omissions.AddRange(systems.Where(system => system.Missing is not null).Select(system => $"{system} is left out: {system.Missing}."));
        Book.Omissions.AddRange(stages.SelectMany(stage => stage.Taken(sizes)[false]).Select(workload => $"{workload.Name} is left out: it takes too long for --quick."));
        Book.Omissions.ForEach(Say);
        foreach (var stage in stages)
        {
            SystemUnderTest[] taking = [.. systems.Where(
                system => system.Missing is null && stage.Fits(system) && stage.Taken(sizes)[true].Any(workload => workload.Fits(system)))];
            if (taking.Length > 0)
            {
                await (stage.IsFresh ? RunOneByOneAsync(stage, taking) : RunBesideOneAnotherAsync(stage, taking));
            }
        }
    }

    private async Task RunBesideOneAnotherAsync(Stage stage, SystemUnderTest[] taking)
    {
        Say($"{stage.Name}: {string.Join(", ", taking)} start and warm up");
        var starting = taking.Select(system => StartWarmAsync(stage, system)).ToList();
        try
        {
            List<Cluster> clusters = [.. await Task.WhenAll(starting)];
            for (var round = 1; round <= sizes.Rounds; round++)
            {
                Say($"{stage.Name}: round {round} of {sizes.Rounds}");
                await RunAsync(stage.Taken(sizes)[true], clusters, Book, round);
                Book.Write(csv);
            }
        }
        finally
        {
            foreach (var started in starting.Where(started => started.IsCompletedSuccessfully))
            {
                (await started).Dispose();
            }
        }
    }

    /// <summary>
    /// Starts a system, and does everything once in small, so that its runtime has compiled by then what it would compile in the first
    /// round.
    /// </summary>
    private async Task<Cluster> StartWarmAsync(Stage stage, SystemUnderTest system)
    {
        var cluster = await Cluster.StartAsync(system, stage.Nodes, stage.RedisDelay);
        try
        {
            await RunAsync(stage.Taken(sizes.WarmUp)[true], [cluster], new Book(), round: 0);
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    private async Task RunOneByOneAsync(Stage stage, SystemUnderTest[] taking)
    {
        for (var round = 1; round <= sizes.FreshRounds; round++)
        {
            foreach (var system in taking)
            {
                Say($"{stage.Name}: round {round} of {sizes.FreshRounds}, {system}");
                using var cluster = await Cluster.StartAsync(system, stage.Nodes, stage.RedisDelay);
                await RunAsync(stage.Taken(sizes)[true], [cluster], Book, round);
                Book.Write(csv);
            }
        }
    }

    /// <remarks>Each round begins with another system, so that none always comes after the same.</remarks>
    private static async Task RunAsync(IEnumerable<Workload> workloads, List<Cluster> clusters, Book book, int round)
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
