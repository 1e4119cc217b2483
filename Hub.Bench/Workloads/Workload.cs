using RealtimeHub.Bench.Report;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Bench.Workloads;

/// <summary>Something that is done to running servers, and measured.</summary>
/// <param name="name">What it is called in tables.</param>
internal abstract class Workload(string name)
{
    public string Name => name;

    /// <summary>
    /// The metric that it is there for: its ratio to stock decides how many rounds there are. Null if no ratio does.
    /// </summary>
    public virtual string? Measures => null;

    /// <summary>Whether a quick run leaves it out.</summary>
    public bool IsThorough { get; init; }

    /// <summary>Whether a system offers what it takes. An application with the hub in it has no HTTP API.</summary>
    public virtual bool Fits(SystemUnderTest system) => system is not EmbeddedHubSystem;

    public abstract Task RunAsync(Cluster cluster, Recorder record);
}
