using System.Diagnostics.Metrics;

namespace RealtimeHub.Operations;

/// <summary>The hub's meter, and what its instruments have in common. docs/operations.md has the table of them all.</summary>
/// <remarks>
/// A tag has one of few values, which the code names. Never a user, an address, the name of a group, an id of a connection or a secret.
/// </remarks>
internal static class HubMeter
{
    public const string Name = "RealtimeHub";

    /// <summary>From what a Redis beside the node takes to what a client waits for. In seconds.</summary>
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    public static Meter CreateHubMeter(this IMeterFactory meters) => meters.Create(Name);

    /// <summary>A duration, in seconds.</summary>
    public static Histogram<double> CreateDuration(this Meter meter, string name, string description) =>
        meter.CreateHistogram(name, "s", description, tags: null, Durations);

    /// <summary>Something that holds of this node (1) or not (0), so that the sum tells of how many nodes it holds.</summary>
    public static void ObserveState(this IMeterFactory meters, string name, string description, Func<bool> holds) =>
        meters.CreateHubMeter().CreateObservableUpDownCounter(name, () => holds() ? 1 : 0, "{node}", description);
}
