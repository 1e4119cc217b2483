using HdrHistogram;

namespace RealtimeHub.Bench.Report;

/// <summary>Takes down what one workload measures of one system in one round.</summary>
internal sealed class Recorder(Book book, string workload, string system, int round)
{
    public void Add(string metric, string unit, double value) => book.Add(new Measurement(workload, metric, unit, system, round, value));

    /// <summary>Takes down percentiles of a histogram in microseconds as milliseconds.</summary>
    public void AddPercentiles(string metric, HistogramBase latencies, params double[] percentiles)
    {
        foreach (var percentile in percentiles)
        {
            Add(FormattableString.Invariant($"{metric} p{percentile}"), "ms", latencies.TotalCount == 0
                ? double.NaN
                : latencies.GetValueAtPercentile(percentile) / 1e3);
        }
    }
}
