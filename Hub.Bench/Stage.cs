using RealtimeHub.Bench.Systems;
using RealtimeHub.Bench.Workloads;

namespace RealtimeHub.Bench;

/// <summary>Workloads that are run on the same servers.</summary>
/// <param name="Name">By which it can be chosen.</param>
/// <param name="Workloads">What is done, given how much.</param>
internal sealed record Stage(string Name, Func<Sizes, Workload[]> Workloads)
{
    /// <summary>Nodes of each system.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>What is added to each round trip to Redis.</summary>
    public TimeSpan RedisDelay { get; init; }

    /// <summary>
    /// Whether each round of each workload takes new servers, one system at a time; otherwise all run at once, and take turns.
    /// </summary>
    public bool IsFresh { get; init; }

    /// <summary>Which systems take part. A server that has been running for long is the same in its published form as built.</summary>
    public Predicate<SystemUnderTest> Fits { get; init; } = system => system is not PublishedHubSystem;

    /// <summary>What a run of this size does, and what it leaves out.</summary>
    public ILookup<bool, Workload> Taken(Sizes sizes) => Workloads(sizes).ToLookup(workload => !workload.IsThorough || !sizes.IsQuick);

    /// <summary>
    /// The stage with only those of its workloads whose names begin like one of these; with all of them if there is none.
    /// </summary>
    public Stage Only(IReadOnlyList<string> beginnings) => beginnings.Count == 0 ? this : this with
    {
        Workloads = sizes => [.. Workloads(sizes)
            .Where(workload => beginnings.Any(beginning => workload.Name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)))],
    };
}
