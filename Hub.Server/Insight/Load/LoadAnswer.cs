using RealtimeHub.Presence;

namespace RealtimeHub.Insight.Load;

/// <summary>What the nodes have to do, and had to do in the last fifteen minutes.</summary>
/// <param name="Alarms">What is to be looked at now; empty: it works.</param>
/// <param name="Samples">The oldest first, one every five seconds.</param>
/// <param name="Refusals">By code, how many requests were turned away in the last fifteen minutes.</param>
/// <param name="Ends">By code, how many connections the hub has ended in the last fifteen minutes.</param>
/// <param name="Nodes">What each node says now.</param>
internal sealed record LoadAnswer(
    IReadOnlyList<Alarm> Alarms, IReadOnlyList<LoadSample> Samples, IReadOnlyDictionary<string, long> Refusals,
    IReadOnlyDictionary<string, long> Ends, IReadOnlyList<NodeLoad> Nodes);
