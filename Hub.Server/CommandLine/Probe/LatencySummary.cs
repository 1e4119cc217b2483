namespace RealtimeHub.CommandLine.Probe;

/// <summary>How long messages took, in milliseconds.</summary>
/// <param name="Messages">How many were published.</param>
/// <param name="Lost">How many have not come in time.</param>
/// <param name="Minimum">The shortest; null if none has come.</param>
/// <param name="Median">That in the middle.</param>
/// <param name="P99">Of a hundred, one took longer.</param>
/// <param name="Maximum">The longest.</param>
internal sealed record LatencySummary(int Messages, int Lost, double? Minimum, double? Median, double? P99, double? Maximum)
{
    /// <summary>A sentence of it.</summary>
    public override string ToString() =>
        $"{Messages} messages, {Lost} lost; shortest {Latencies.Text(Minimum)}, median {Latencies.Text(Median)}, 99th percentile {Latencies.Text(P99)}, longest {Latencies.Text(Maximum)}";
}
