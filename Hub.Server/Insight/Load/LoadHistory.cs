using RealtimeHub.Presence;
using RealtimeHub.Redis;

namespace RealtimeHub.Insight.Load;

/// <summary>
/// Asks all nodes every five seconds what they have to do, keeps it for fifteen minutes, and tells the pages that show it: on a node that
/// has the dashboard.
/// </summary>
internal sealed class LoadHistory(LoadMeter meter, IConnections connections, LoadWatchers watchers, TimeProvider time)
    : BackgroundService
{
    private const int MostSamples = 180;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Queue<(LoadSample Sample, LoadDelta Delta)> _kept = new();
    private Dictionary<string, NodeLoad> _last = new(StringComparer.Ordinal);
    private IReadOnlyList<NodeStatus> _nodes = [];
    private bool _isStoreAway;

    public LoadAnswer Now
    {
        get
        {
            lock (_lock)
            {
                LoadDelta[] deltas = [.. _kept.Select(kept => kept.Delta)];
                return new LoadAnswer(
                    [.. Alarms.In(_nodes, _last.Values, deltas, _isStoreAway)], [.. _kept.Select(kept => kept.Sample)],
                    ByCode(deltas, "refusals"), ByCode(deltas, "ends"), [.. _last.Values.OrderBy(load => load.Node, StringComparer.Ordinal)]);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pace = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await LookAsync();
            }
            while (await pace.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task LookAsync()
    {
        try
        {
            var (loads, nodes) = (await meter.AskAllAsync(), await connections.ListNodesAsync());
            lock (_lock)
            {
                (_isStoreAway, _nodes) = (false, nodes);
                Keep(loads);
            }

            await watchers.TellAsync();
        }
        catch (StoreUnavailableException)
        {
            lock (_lock)
            {
                _isStoreAway = true;
            }
        }
    }

    private void Keep(IReadOnlyList<NodeLoad> loads)
    {
        var now = time.GetUtcNow();
        var delta = new LoadDelta(now, Sum(loads.Select(load => Since(_last.GetValueOrDefault(load.Node), load))));
        var seconds = _kept.Count > 0 ? Math.Max(1, (now - _kept.Last().Sample.At).TotalSeconds) : Interval.TotalSeconds;
        var sample = new LoadSample(
            now, loads.Count, loads.Sum(load => load.Connections), delta.Of("connects opened") / seconds,
            delta.Of("messages published") / seconds, delta.Of("deliveries") / seconds, delta.Of("refusals") / seconds,
            loads.Sum(load => load.Waiting), loads.SelectMany(load => load.Latencies?.Values ?? []).Max());
        _last = loads.ToDictionary(load => load.Node, StringComparer.Ordinal);
        _kept.Enqueue((sample, delta));
        if (_kept.Count > MostSamples)
        {
            _kept.Dequeue();
        }
    }

    /// <summary>What a node has counted since the last look; of one that has begun anew, all that it has counted since.</summary>
    private static IReadOnlyDictionary<string, long> Since(NodeLoad? last, NodeLoad now) => last is null ? new Dictionary<string, long>()
        : last.Since != now.Since ? now.Counts
        : now.Counts.ToDictionary(count => count.Key, count => count.Value - last.Counts.GetValueOrDefault(count.Key));

    private static Dictionary<string, long> Sum(IEnumerable<IReadOnlyDictionary<string, long>> counts) =>
        counts.SelectMany(each => each).GroupBy(count => count.Key, count => count.Value)
            .ToDictionary(count => count.Key, count => count.Sum());

    private static Dictionary<string, long> ByCode(LoadDelta[] deltas, string name) =>
        Sum(deltas.Select(delta => delta.Counts)).Where(count => count.Value > 0 && count.Key.StartsWith($"{name} ", StringComparison.Ordinal))
            .ToDictionary(count => count.Key[(name.Length + 1)..], count => count.Value);
}
