using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.Nodes;

/// <summary>
/// The ways from this node to the clients of the nodes that it has met, its own among them: how long messages take, and where none come.
/// </summary>
/// <remarks>
/// A node from which nothing has come may have no canary, and one that leaves says so: a node counts only from when it is met until then.
/// </remarks>
internal sealed class NodeWays
{
    /// <summary>What is not answered in this time is lost.</summary>
    public static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    private const int Digits = 16;

    private static readonly KeyValuePair<string, object?> Own = new("way", "own");
    private static readonly KeyValuePair<string, object?> Other = new("way", "other");

    private readonly Lock _lock = new();
    private readonly Dictionary<string, NodeWay> _ways = new(StringComparer.Ordinal);
    private readonly HashSet<string> _left = new(StringComparer.Ordinal);
    private readonly NodeId _self;
    private readonly TimeProvider _time;
    private readonly Histogram<double> _latency;
    private long _lostOwn;
    private long _lostOther;

    public NodeWays(NodeId self, IMeterFactory meters, TimeProvider time)
    {
        (_self, _time) = (self, time);
        var meter = meters.CreateHubMeter();
        _latency = meter.CreateDuration(
            "realtimehub.canary.latency", "From publishing a message until a client of a node has it: half of the way there and back.");
        meter.CreateObservableCounter(
            "realtimehub.canary.lost", CountLost, "{message}", "Messages to the canaries of nodes that were not answered within five seconds.");
    }

    /// <summary>In seconds, by the id of the node; null where none has come. Null if there is no canary.</summary>
    public IReadOnlyDictionary<string, double?>? Latencies
    {
        get
        {
            lock (_lock)
            {
                GiveUp();
                return _ways.Count == 0 ? null : _ways.Where(way => way.Value is { Latency: not null } or { IsSilent: true })
                    .ToDictionary(way => way.Key, way => way.Value.Latency?.TotalSeconds);
            }
        }
    }

    /// <summary>The nodes from which no answer comes. Each has had five seconds.</summary>
    public IReadOnlyList<string> Silent
    {
        get
        {
            lock (_lock)
            {
                GiveUp();
                return [.. _ways.Where(way => way.Value.IsSilent).Select(way => way.Key).Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Takes note that a node has a canary, unless it has left.</summary>
    public void Meet(string node)
    {
        lock (_lock)
        {
            if (!_left.Contains(node))
            {
                _ways.TryAdd(node, new NodeWay());
            }
        }
    }

    /// <summary>Its canary is gone, as was to be, and does not come again.</summary>
    public void Leave(string node)
    {
        lock (_lock)
        {
            _ways.Remove(node);
            _left.Add(node);
        }
    }

    /// <summary>Whether its canary is gone, as was to be.</summary>
    public bool HasLeft(string node)
    {
        lock (_lock)
        {
            return _left.Contains(node);
        }
    }

    /// <summary>All of them are gone: this node leaves.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _ways.Clear();
        }
    }

    /// <summary>Forgets all nodes but these.</summary>
    public void Keep(IEnumerable<NodeId> living)
    {
        var kept = living.Select(node => node.Value).Append(_self.Value).ToHashSet(StringComparer.Ordinal);
        lock (_lock)
        {
            GiveUp();
            _left.IntersectWith(kept);
            foreach (var node in _ways.Keys.Where(node => !kept.Contains(node)).ToList())
            {
                _ways.Remove(node);
            }
        }
    }

    /// <returns>A new question to a node.</returns>
    public string Ask(NodeId node)
    {
        var question = RandomNumberGenerator.GetHexString(Digits, lowercase: true);
        lock (_lock)
        {
            _ways.GetValueOrDefault(node.Value)?.Ask(question, _time.GetTimestamp());
        }

        return question;
    }

    /// <summary>An answer has come.</summary>
    public void Answer(string node, string question)
    {
        lock (_lock)
        {
            GiveUp();
            if (_ways.TryGetValue(node, out var way) && way.TryAnswer(question, asked => _time.GetElapsedTime(asked)))
            {
                _latency.Record(way.Latency!.Value.TotalSeconds, node == _self.Value ? Own : Other);
            }
        }
    }

    private IEnumerable<Measurement<long>> CountLost()
    {
        lock (_lock)
        {
            GiveUp();
            return [new(_lostOwn, Own), new(_lostOther, Other)];
        }
    }

    private void GiveUp()
    {
        foreach (var (node, way) in _ways)
        {
            ref var lost = ref node == _self.Value ? ref _lostOwn : ref _lostOther;
            lost += way.GiveUp(asked => _time.GetElapsedTime(asked) >= LongestAnswer);
        }
    }
}
