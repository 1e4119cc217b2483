using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Workloads;

namespace RealtimeHub.Bench;

/// <summary>How many rounds a stage takes: until its ratios are known to within ± 8 %, or there have been enough.</summary>
/// <param name="least">So many in any case.</param>
/// <param name="most">So many and no more.</param>
internal sealed class Rounds(int least, int most)
{
    /// <summary>Which of a stage's workloads the next round does; none if there shall be no other.</summary>
    /// <param name="workloads">All of the stage's.</param>
    /// <param name="book">What was measured so far.</param>
    /// <param name="done">How many rounds there have been.</param>
    public IReadOnlyList<Workload> Next(IReadOnlyList<Workload> workloads, Book book, int done)
    {
        if (done < least)
        {
            return workloads;
        }

        var wide = done < most ? WideIn(workloads, book) : [];
        return [.. workloads.Where(workload => wide.Contains(workload.Name))];
    }

    /// <remarks>
    /// Both sides of a ratio, which may be of two workloads, are measured in the same rounds. What decides is what the goals bound, and
    /// what a workload is for: a 99th percentile would never come to rest.
    /// </remarks>
    private static HashSet<string> WideIn(IReadOnlyList<Workload> workloads, Book book)
    {
        var metrics = workloads.ToDictionary(workload => workload.Name, workload => workload.Measures);
        return [.. Comparison.In(book)
            .Where(comparison => metrics.ContainsKey(comparison.Of.Workload) && metrics.ContainsKey(comparison.To.Workload))
            .Where(comparison => metrics[comparison.Of.Workload] == comparison.Of.Metric || Comparison.OfGoals.Contains(comparison))
            .Where(comparison => comparison.RatioIn(book) is { IsWide: true })
            .SelectMany(comparison => new[] { comparison.Of.Workload, comparison.To.Workload })];
    }
}
