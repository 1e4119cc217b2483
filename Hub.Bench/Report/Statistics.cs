namespace RealtimeHub.Bench.Report;

internal static class Statistics
{
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
}
