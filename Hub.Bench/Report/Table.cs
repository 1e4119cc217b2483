using System.Globalization;
using System.Text;

namespace RealtimeHub.Bench.Report;

/// <summary>
/// Tables in Markdown: for each workload, a line for each metric, a column for each system, and the ratio of ours to stock SignalR with
/// its interval.
/// </summary>
internal static class Table
{
    private const string Stock = Systems.SignalRSystem.Label;

    public static string Render(Book book) => string.Join(
        '\n', book.Measurements.Select(measurement => measurement.Workload).Distinct().Select(workload => $"### {workload}\n\n{Render(book, workload)}"));

    /// <summary>A number with as many digits as can be believed.</summary>
    public static string Format(double? value) => value switch
    {
        null or double.NaN => "–",
        double.PositiveInfinity => "∞",
        >= 1_000 => Math.Round(value.Value).ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => value.Value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>The table of one workload, without a heading.</summary>
    public static string Render(Book book, string workload)
    {
        var measurements = book.Measurements.Where(measurement => measurement.Workload == workload).ToList();
        string[] systems = [.. measurements.Select(measurement => measurement.System).Distinct().OrderBy(PlaceOf)];
        var ours = systems.Contains(Stock) ? OursIn(systems) : null;
        string[] heading = ours is null ? [] : [$"{ours} ÷ {Stock}"];
        var text = new StringBuilder();
        text.Append(Row(["", .. systems, .. heading]));
        text.Append(Row(Enumerable.Repeat("---", 1 + systems.Length + heading.Length)));
        foreach (var (metric, unit) in measurements.Select(measurement => (measurement.Metric, measurement.Unit)).Distinct())
        {
            Series Of(string system) => new(workload, metric, system);
            string[] ratio = ours is null ? [] : [book.Ratio(Of(ours), Of(Stock))?.Text() ?? Format(null)];
            text.Append(Row([$"{metric}{(unit.Length > 0 ? $", {unit}" : "")}", .. systems.Select(system => Format(book.Median(Of(system)))), .. ratio]));
        }

        return text.ToString();
    }

    /// <summary>Which of some systems is the one of ours that a ratio is taken of; null if none is ours.</summary>
    public static string? OursIn(IEnumerable<string> systems) => Systems.Lineup.Ours.FirstOrDefault(systems.Contains);

    // They take turns in being measured first: that is not their place.
    private static int PlaceOf(string system) => Systems.Lineup.All.TakeWhile(one => one.Name != system).Count();

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";
}
