using RealtimeHub.Bench.Systems;
using RealtimeHub.Bench.Workloads;

namespace RealtimeHub.Bench;

/// <summary>What one round does of a workload.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Systems">The systems that do it; null for all.</param>
internal sealed record Turn(Workload Workload, IReadOnlySet<string>? Systems = null)
{
    public bool Takes(SystemUnderTest system) => Workload.Fits(system) && Systems?.Contains(system.Name) != false;
}
