namespace RealtimeHub.Bench.Report;

/// <summary>The numbers of one metric, one of each round.</summary>
/// <param name="Workload">What was done.</param>
/// <param name="Metric">What was measured.</param>
/// <param name="System">Of which system.</param>
internal readonly record struct Series(string Workload, string Metric, string System);
