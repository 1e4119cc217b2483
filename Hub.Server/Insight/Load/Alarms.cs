using RealtimeHub.Presence;

namespace RealtimeHub.Insight.Load;

/// <summary>What an operator should look at, in words: what the alerts for Prometheus look for, as far as the nodes tell it.</summary>
internal static class Alarms
{
    /// <summary>What happened within this time happens now.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(1);

    /// <summary>So many in a minute are more than a mistake of one.</summary>
    private const int Many = 30;

    /// <param name="nodes">The nodes that live.</param>
    /// <param name="loads">What those of them say that answer.</param>
    /// <param name="deltas">What was counted, the latest last.</param>
    /// <param name="isStoreAway">Whether Redis did not answer when it was looked last.</param>
    public static IEnumerable<Alarm> In(
        IReadOnlyList<NodeStatus> nodes, IReadOnlyCollection<NodeLoad> loads, IReadOnlyList<LoadDelta> deltas, bool isStoreAway)
    {
        if (isStoreAway)
        {
            yield return Alarm.Critical("Redis does not answer: nobody gets in, and nothing is published. What is shown here is from before.");
        }

        foreach (var node in nodes.Where(node => !node.Answers))
        {
            yield return Alarm.Critical($"Node {node.Id} lives and does not answer. Look at its log, and whether its machine has time for it.");
        }

        foreach (var node in nodes.Where(node => node.Draining == true))
        {
            yield return Alarm.Warning($"Node {node.Id} sends its clients to others. Start it again when it shall take clients.");
        }

        foreach (var load in loads)
        {
            foreach (var (to, _) in (load.Latencies ?? new Dictionary<string, double?>()).Where(latency => latency.Value is null))
            {
                yield return Alarm.Critical($"No message comes from node {load.Node} to the clients of node {to}.");
            }
        }

        LoadDelta[] lately = deltas.Count == 0 ? [] : [.. deltas.Where(delta => deltas[^1].At - delta.At < Lately)];
        foreach (var alarm in OfCounts(name => lately.Sum(delta => delta.Of(name))))
        {
            yield return alarm;
        }
    }

    private static IEnumerable<Alarm> OfCounts(Func<string, long> count)
    {
        if (count("refusals store_unavailable") > 0)
        {
            yield return Alarm.Critical("Requests are refused because Redis does not answer.");
        }

        if (count("refusals token_spent") >= Many)
        {
            yield return Alarm.Warning("Many tokens are shown twice: a client does not ask for a new one, or somebody uses tokens that are not his.");
        }

        if (count("refusals token_unknown") >= Many)
        {
            yield return Alarm.Warning("Many tokens are not known: they are too old when they come, minted into another Redis, or made up.");
        }

        if (count("ends too_slow") + count("ends send_timeout") >= Many)
        {
            yield return Alarm.Warning("Many clients do not take what is sent to them: their networks are slow, or they are sent too much.");
        }

        if (count("resumes lost") > 0)
        {
            yield return Alarm.Warning("Clients came back and were told that messages are gone: they were away for longer than the logs reach, or Redis has lost some.");
        }

        if (count("messages store_unavailable") + count("messages failed") > 0)
        {
            yield return Alarm.Critical("Messages could not be published.");
        }
    }
}
