namespace RealtimeHub.Nodes;

/// <summary>The way from this node to a client of one node, and back.</summary>
internal sealed class NodeWay
{
    /// <summary>The questions that are not answered, each with when it was asked.</summary>
    private readonly Dictionary<string, long> _open = new(StringComparer.Ordinal);

    /// <summary>Half of the last way there and back; null before the first, and while it is silent.</summary>
    public TimeSpan? Latency { get; private set; }

    /// <summary>Whether a question was lost, and none has been answered since.</summary>
    public bool IsSilent { get; private set; }

    public void Ask(string question, long now) => _open[question] = now;

    /// <returns>False if nobody waits for it: it comes too late, or was never asked.</returns>
    public bool TryAnswer(string question, Func<long, TimeSpan> age)
    {
        if (!_open.Remove(question, out var asked))
        {
            return false;
        }

        (Latency, IsSilent) = (age(asked) / 2, false);
        return true;
    }

    /// <summary>Gives up the questions that are too old.</summary>
    /// <returns>How many they are.</returns>
    public int GiveUp(Func<long, bool> isTooOld)
    {
        string[] lost = [.. _open.Where(asked => isTooOld(asked.Value)).Select(asked => asked.Key)];
        foreach (var question in lost)
        {
            _open.Remove(question);
            (Latency, IsSilent) = (null, true);
        }

        return lost.Length;
    }
}
