namespace RealtimeHub.Insight.Load;

/// <summary>What was counted between two looks at all nodes.</summary>
/// <param name="At">When it was looked at last.</param>
/// <param name="Counts">By name, as <see cref="Presence.NodeLoad.Counts"/>.</param>
internal sealed record LoadDelta(DateTimeOffset At, IReadOnlyDictionary<string, long> Counts)
{
    /// <summary>All that has this name, whatever stands behind it.</summary>
    public long Of(string name) => Counts.Where(count => count.Key == name || count.Key.StartsWith($"{name} ", StringComparison.Ordinal))
        .Sum(count => count.Value);
}
