namespace RealtimeHub.Bench.Report;

/// <summary>A bound for one number of a run, or for the ratio of two.</summary>
/// <param name="Of">The number.</param>
/// <param name="To">What it is measured beside; null if the number itself is bounded, and then its worst round counts.</param>
/// <param name="Limit">The bound.</param>
/// <param name="AtLeast">Whether the bound is from below.</param>
/// <param name="Unit">Of the number itself.</param>
internal sealed record Bound(Series Of, Series? To, double Limit, bool AtLeast = false, string Unit = "")
{
    private const string Nothing = "–";

    /// <summary>Whether a run has the numbers.</summary>
    public bool IsMeasuredIn(Book book) => ValueIn(book) is not null;

    /// <summary>What a run has measured, with the interval of a ratio.</summary>
    public string Measured(Book book) => To is { } to
        ? book.Ratio(Of, to)?.Text("×") ?? Nothing
        : ValueIn(book) is { } value ? $"{Table.Format(value)}{Unit}" : Nothing;

    /// <summary>Whether it holds, in a word or three.</summary>
    public string Verdict(Book book) =>
        ValueIn(book) is not { } value ? "not measured yet" : (AtLeast ? value >= Limit : value <= Limit) ? "yes" : "no";

    private double? ValueIn(Book book) => To is { } to ? book.Ratio(Of, to)?.Value : Worst(book.Of(Of));

    private double? Worst(double[] rounds) => rounds.Length == 0 ? null
        : rounds.Any(double.IsNaN) ? double.NaN
        : AtLeast ? rounds.Min() : rounds.Max();
}
