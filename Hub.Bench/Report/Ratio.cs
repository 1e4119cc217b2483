namespace RealtimeHub.Bench.Report;

/// <summary>A ratio of two numbers, taken in each of some rounds, and how sure it is.</summary>
/// <remarks>
/// The geometric mean, with Student's 95 % interval of the logarithms. A ratio is a factor, so half and double are equally far from 1, and
/// it does not matter which of the two is on top. Student's interval holds from two rounds on; one of the median, whether from ranks or by
/// bootstrap, needs at least six.
/// </remarks>
/// <param name="Value">The geometric mean; the median if a round has zero, infinity or nothing.</param>
/// <param name="Low">The lower end of the interval; NaN if there is none.</param>
/// <param name="High">The upper end of the interval; NaN if there is none.</param>
internal sealed record Ratio(double Value, double Low, double High)
{
    private const double Precision = 1.08;

    /// <summary>Whether there are an interval's two ends: of one round there are none, nor of zeros.</summary>
    public bool HasInterval => double.IsFinite(Low) && double.IsFinite(High);

    /// <summary>Whether more rounds would say more: the interval is wider than ± 8 %.</summary>
    public bool IsWide => HasInterval && High > Value * Precision;

    /// <summary>The ratio of some rounds; null of none.</summary>
    public static Ratio? Of(double[] rounds)
    {
        if (rounds.Length == 0)
        {
            return null;
        }

        if (!rounds.All(round => round > 0 && double.IsFinite(round)))
        {
            return new(Statistics.Median(rounds)!.Value, double.NaN, double.NaN);
        }

        double[] logarithms = [.. rounds.Select(round => Math.Log(round))];
        var (mean, half) = (logarithms.Average(), Statistics.HalfInterval(logarithms));
        return new(Math.Exp(mean), Math.Exp(mean - half), Math.Exp(mean + half));
    }

    /// <summary>As a table shows it: <c>0.84 (0.78–0.91)</c>.</summary>
    /// <param name="unit">What stands behind each of the numbers that is none of the interval.</param>
    public string Text(string unit = "") => double.IsNaN(Value) ? Table.Format(Value)
        : $"{Table.Format(Value)}{unit}{(HasInterval ? $" ({Table.Format(Low)}–{Table.Format(High)})" : "")}";
}
