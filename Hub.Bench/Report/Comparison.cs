using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Report;

/// <summary>Two numbers whose ratio is looked at.</summary>
internal readonly record struct Comparison(Series Of, Series To)
{
    /// <summary>Those that a goal bounds.</summary>
    public static IReadOnlyList<Comparison> OfGoals { get; } =
        [.. Goals.All.SelectMany(goal => goal.Bounds).Where(bound => bound.To is not null)
            .Select(bound => new Comparison(bound.Of, bound.To!.Value))];

    /// <summary>Ours and stock's of every metric that both have, and those of the goals.</summary>
    public static IEnumerable<Comparison> In(Book book) => book.Measurements
        .GroupBy(measurement => (measurement.Workload, measurement.Metric), measurement => measurement.System)
        .Where(systems => systems.Contains(SignalRSystem.Label) && Table.OursIn(systems) is not null)
        .Select(systems => ToStock(systems.Key.Workload, systems.Key.Metric, Table.OursIn(systems)!))
        .Concat(OfGoals)
        .Distinct();

    /// <summary>The ratio that a run has of them; null if it has not measured both.</summary>
    public Ratio? RatioIn(Book book) => book.Ratio(Of, To);

    private static Comparison ToStock(string workload, string metric, string ours) =>
        new(new(workload, metric, ours), new(workload, metric, SignalRSystem.Label));
}
