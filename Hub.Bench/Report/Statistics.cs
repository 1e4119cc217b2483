namespace RealtimeHub.Bench.Report;

internal static class Statistics
{
    /// <summary>The point of the normal distribution that 97.5 % of it lie below.</summary>
    private const double Normal = 1.959964;

    /// <summary>The same of Student's distribution, from one degree of freedom on.</summary>
    private static readonly double[] Student =
        [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
         2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860];

    /// <summary>
    /// The middle one, or the mean of the two in the middle; null of nothing; NaN if one of them is, for what never came is neither small
    /// nor large.
    /// </summary>
    public static double? Median(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0
            ? null
            : values.Any(double.IsNaN) ? double.NaN : (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    /// <summary>How far Student's 95 % interval of the mean reaches to either side; NaN of fewer than two values.</summary>
    public static double HalfInterval(double[] values)
    {
        if (values.Length < 2)
        {
            return double.NaN;
        }

        var (mean, freedom) = (values.Average(), values.Length - 1);
        var variance = values.Sum(value => (value - mean) * (value - mean)) / freedom;
        return StudentQuantile(freedom) * Math.Sqrt(variance / values.Length);
    }

    /// <summary>The point of Student's distribution that 97.5 % of it lie below.</summary>
    /// <param name="freedom">Degrees of freedom, from 1 on.</param>
    public static double StudentQuantile(int freedom) => freedom <= Student.Length ? Student[freedom - 1] : Expansion(Normal, freedom);

    /// <summary>The quantile by that of the normal distribution (Abramowitz and Stegun, 26.7.5).</summary>
    private static double Expansion(double z, double freedom) => z
        + ((Math.Pow(z, 3) + z) / 4 / freedom)
        + (((5 * Math.Pow(z, 5)) + (16 * Math.Pow(z, 3)) + (3 * z)) / 96 / Math.Pow(freedom, 2))
        + (((3 * Math.Pow(z, 7)) + (19 * Math.Pow(z, 5)) + (17 * Math.Pow(z, 3)) - (15 * z)) / 384 / Math.Pow(freedom, 3));

    /// <summary>By when 99 in a hundred had come, in seconds; NaN if they never did. The last one is chance.</summary>
    /// <param name="microseconds">When each came; zero if it never did.</param>
    public static double SecondsUntil99Percent(long[] microseconds)
    {
        var came = microseconds.Where(time => time > 0).Order().ToArray();
        var most = (int)(microseconds.Length * 0.99);
        return came.Length < most ? double.NaN : came[most - 1] / 1e6;
    }
}
