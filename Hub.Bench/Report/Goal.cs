namespace RealtimeHub.Bench.Report;

/// <summary>What shall hold of a run: a ratio of two of its numbers that is at the most, or at the least, so much.</summary>
/// <param name="What">In words.</param>
/// <param name="Of">The number.</param>
/// <param name="To">What it is measured beside.</param>
/// <param name="Limit">The bound.</param>
/// <param name="AtLeast">Whether the bound is from below.</param>
internal sealed record Goal(
    string What, (string Workload, string Metric, string System) Of, (string Workload, string Metric, string System) To,
    double Limit, bool AtLeast = false)
{
    /// <summary>A line of a table: what, the bound, what was measured, whether it holds.</summary>
    public string Row(Book book)
    {
        var ratio = book.Ratio(Of, To);
        var verdict = ratio is null ? "not measured" : (AtLeast ? ratio >= Limit : ratio <= Limit) ? "yes" : "no";
        return FormattableString.Invariant($"| {What} | {(AtLeast ? "≥" : "≤")} {Limit:0.##}× | {(ratio is null or double.NaN ? "–" : $"{Table.Format(ratio)}×")} | {verdict} |");
    }
}
