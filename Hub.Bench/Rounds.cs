using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Workloads;

namespace RealtimeHub.Bench;

/// <summary>
/// How many rounds a stage takes: until its ratios are known to within ± 8 %, or there have been enough. What is known well enough is not
/// done again: neither a workload, nor a system that has no part in a ratio that is still sought.
/// </summary>
/// <param name="least">So many in any case.</param>
/// <param name="most">So many and no more.</param>
internal sealed class Rounds(int least, int most)
{
    /// <summary>What the next round does of a stage's workloads; nothing if there shall be no other.</summary>
    /// <param name="workloads">All of the stage's.</param>
    /// <param name="book">What was measured so far.</param>
    /// <param name="done">How many rounds there have been.</param>
    public IReadOnlyList<Turn> Next(IReadOnlyList<Workload> workloads, Book book, int done)
    {
        if (done < least)
        {
            return [.. workloads.Select(workload => new Turn(workload))];
        }

        var wide = done < most ? WideIn(workloads, book) : [];
        return
        [
            .. workloads.Select(workload => new Turn(workload, SystemsIn(wide, workload))).Where(turn => turn.Systems is { Count: > 0 }),
        ];
    }

    private static HashSet<string> SystemsIn(IEnumerable<Series> wide, Workload workload) =>
        [.. wide.Where(series => series.Workload == workload.Name).Select(series => series.System)];

    /// <remarks>
    /// Both sides of a ratio, which may be of two workloads, are measured in the same rounds. What decides is what the goals bound, and
    /// what a workload is for: a 99th percentile would never come to rest.
    /// </remarks>
    private static IReadOnlyList<Series> WideIn(IReadOnlyList<Workload> workloads, Book book)
    {
        var metrics = workloads.ToDictionary(workload => workload.Name, workload => workload.Measures);
        return
        [
            .. Comparison.In(book)
                .Where(comparison => metrics.ContainsKey(comparison.Of.Workload) && metrics.ContainsKey(comparison.To.Workload))
                .Where(comparison => metrics[comparison.Of.Workload] == comparison.Of.Metric || Comparison.OfGoals.Contains(comparison))
                .Where(comparison => comparison.RatioIn(book) is { IsWide: true })
                .SelectMany(comparison => new[] { comparison.Of, comparison.To }),
        ];
    }
}
