namespace RealtimeHub.Hosting;

/// <summary>Where Prometheus finds the metrics. Section <c>Metrics</c>.</summary>
internal sealed class MetricsOptions
{
    internal const string Section = "Metrics";

    /// <summary>
    /// The addresses of <c>/metrics</c>, such as <c>http://localhost:9464</c>, separated by semicolons. None of them is the hub's own.
    /// Default: none.
    /// </summary>
    public string Urls { get; set; } = "";
}
