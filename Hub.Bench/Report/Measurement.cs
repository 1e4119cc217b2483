namespace RealtimeHub.Bench.Report;

/// <summary>One number of one round.</summary>
/// <param name="Workload">What was done.</param>
/// <param name="Metric">What was measured.</param>
/// <param name="Unit">In what.</param>
/// <param name="System">Of which system.</param>
/// <param name="Round">In which round, from 1.</param>
/// <param name="Value">The number.</param>
internal sealed record Measurement(string Workload, string Metric, string Unit, string System, int Round, double Value);
