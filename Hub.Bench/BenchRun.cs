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
        Book.Remarks.AddRange(systems.Where(system => system.Missing is not null && stages.Any(stage => Takes(stage, system)))
            .Select(system => $"{system} is left out: {system.Missing}."));
        Book.Remarks.AddRange(stages.SelectMany(stage => stage.Taken(sizes)[false]).Select(workload => $"{workload.Name} is left out: it takes too long for --quick."));
        Book.Remarks.ForEach(Say);
        foreach (var stage in stages)
        {
            SystemUnderTest[] taking = [.. systems.Where(system => system.Missing is null && Takes(stage, system))];
            if (taking.Length > 0)
            {
                await (stage.IsFresh ? RunOneByOneAsync(stage, taking) : RunBesideOneAnotherAsync(stage, taking));
            }
        }
    }

    private bool Takes(Stage stage, SystemUnderTest system) =>
        stage.Fits(system) && stage.Taken(sizes)[true].Any(workload => workload.Fits(system));

    private async Task RunBesideOneAnotherAsync(Stage stage, SystemUnderTest[] taking)
    {
        Say($"{stage.Name}: {string.Join(", ", taking)} start and warm up");
        var starting = taking.Select(system => StartWarmAsync(stage, system)).ToList();
        try
        {
            List<Cluster> clusters = [.. await Task.WhenAll(starting)];
            await RunRoundsAsync(stage, sizes.Rounds, async (turn, round) =>
            {
                // Each round begins with another system, so that none always comes after the same.
                foreach (var index in Enumerable.Range(round, clusters.Count))
                {
                    if (clusters[index % clusters.Count] is var cluster && turn.Takes(cluster.System))
                    {
                        await RunAsync(turn.Workload, cluster, Book, round);
                    }
                }
            });
        }
        finally
        {
            foreach (var started in starting.Where(started => started.IsCompletedSuccessfully))
            {
                (await started).Dispose();
            }
        }
    }

    /// <summary>Starts a system, and does everything in small until its runtime compiles next to nothing any more.</summary>
    private async Task<Cluster> StartWarmAsync(Stage stage, SystemUnderTest system)
    {
        var cluster = await Cluster.StartAsync(system, stage.Nodes, stage.RedisDelay);
        try
        {
            var warmUp = new WarmUp(TimeProvider.System, sizes.LongestWarmUp);
            if (await warmUp.RunAsync(() => RunInSmallAsync(stage, cluster), cluster.CompiledMethodsAsync) is { } rate)
            {
                Remark(FormattableString.Invariant($"{stage.Name}: {system} still compiled {rate:0} methods a second when its warm-up was over."));
            }

            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    private async Task RunInSmallAsync(Stage stage, Cluster cluster)
    {
        foreach (var workload in stage.Taken(sizes.WarmUp)[true])
        {
            await RunAsync(workload, cluster, new Book(), round: 0);
        }
    }

    private Task RunOneByOneAsync(Stage stage, SystemUnderTest[] taking) => RunRoundsAsync(
        stage,
        sizes.FreshRounds,
        async (turn, round) =>
        {
            foreach (var system in taking.Where(turn.Takes))
            {
                using var cluster = await Cluster.StartAsync(system, stage.Nodes, stage.RedisDelay);
                await RunAsync(turn.Workload, cluster, Book, round);
            }
        });

    private async Task RunRoundsAsync(Stage stage, int least, Func<Turn, int, Task> runAsync)
    {
        Workload[] workloads = [.. stage.Taken(sizes)[true]];
        var rounds = new Rounds(least, sizes.MostRounds);
        IReadOnlyList<Turn> next = [.. workloads.Select(workload => new Turn(workload))];
        for (var round = 1; next.Count > 0; round++)
        {
            foreach (var turn in next)
            {
                Say($"{stage.Name}: round {round}, {turn.Workload.Name}");
                await runAsync(turn, round);
            }

            Book.Write(csv);
            next = IsLate ? [] : rounds.Next(workloads, Book, round);
        }
    }

    private bool IsLate => Clock.MicrosecondsSince(_start) > sizes.Unhurried.TotalMicroseconds;

    private static Task RunAsync(Workload workload, Cluster cluster, Book book, int round) => workload.Fits(cluster.System)
        ? workload.RunAsync(cluster, new Recorder(book, workload.Name, cluster.System.Name, round))
        : Task.CompletedTask;

    private void Remark(string what)
    {
        Say(what);
        lock (Book)
        {
            Book.Remarks.Add(what);
        }
    }

    private void Say(string what) => Console.Error.WriteLine($"{Clock.MicrosecondsSince(_start) / 1_000_000,4} s  {what}");
}
