namespace RealtimeHub.Bench.Report;

/// <summary>What shall hold of a run.</summary>
/// <param name="What">In words.</param>
/// <param name="Asked">The bounds, in the words in which they were asked for.</param>
/// <param name="Bounds">The bounds, in the order of the words.</param>
internal sealed record Goal(string What, string Asked, params Bound[] Bounds)
{
    /// <summary>A line of a table: what, the bounds, what was measured, whether each holds.</summary>
    public string Row(Book book) => Bounds.Any(bound => bound.IsMeasuredIn(book))
        ? $"| {What} | {Asked} | {Join(bound => bound.Measured(book))} | {Join(bound => bound.Verdict(book))} |"
        : $"| {What} | {Asked} | – | not measured yet |";

    private string Join(Func<Bound, string> text) => string.Join(" / ", Bounds.Select(text));
}
