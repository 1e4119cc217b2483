using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using RealtimeHub.Delivery;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;

namespace RealtimeHub.Presence;

/// <summary>
/// Counts what a node has to do, by its own instruments, while somebody asks for it. Otherwise nothing listens to them, and they cost
/// nothing.
/// </summary>
internal sealed class LoadMeter(
    IConnectionDirectory directory, NodeRequests requests, ConnectionRegistry registry, NodeWays ways, IMeterFactory meters, NodeId self,
    TimeProvider time) : IDisposable
{
    private const int MostSlow = 10;

    /// <summary>How long it counts on when nobody asks any more.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>What is counted, as it is called, and by which of its tags; of a duration, how often.</summary>
    private static readonly Dictionary<string, (string Name, string? Tag)> Counted = new()
    {
        ["realtimehub.connect.duration"] = ("connects", "outcome"),
        ["realtimehub.publish.duration"] = ("messages", "outcome"),
        ["realtimehub.deliveries"] = ("deliveries", null),
        ["realtimehub.refusals"] = ("refusals", "code"),
        ["realtimehub.connections.ended"] = ("ends", "code"),
        ["realtimehub.resumes"] = ("resumes", "outcome"),
        ["realtimehub.receipts"] = ("receipts", "outcome"),
    };

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private MeterListener? _listener;
    private ITimer? _timer;
    private DateTimeOffset _since;
    private DateTimeOffset _asked;

    /// <summary>What each living node says; those that do not answer are left out.</summary>
    public async Task<IReadOnlyList<NodeLoad>> AskAllAsync()
    {
        var loads = await Task.WhenAll((await directory.NodesAsync()).Select(AskAsync));
        return [.. loads.OfType<NodeLoad>().OrderBy(load => load.Node, StringComparer.Ordinal)];
    }

    /// <summary>Tells another node about this one.</summary>
    public Task HandleAsync(DescribeLoad asked)
    {
        Listen();
        return requests.TellAsync(asked, () => Here, PresenceJson.Default.NodeLoad);
    }

    public void Dispose() => End();

    private NodeLoad Here => new()
    {
        Node = self.Value,
        Since = _since,
        Connections = registry.Count,
        Waiting = registry.Connections.Sum(connection => (long)connection.Outbox.Waiting),
        Counts = new Dictionary<string, long>(_counts),
        Latencies = ways.Latencies,
        Slow =
        [
            .. registry.Connections.Where(connection => connection.Outbox.Waiting > 0)
                .OrderByDescending(connection => connection.Outbox.Waiting).Take(MostSlow).Select(Shown),
        ],
    };

    private static SlowConnection Shown(ClientConnection connection) =>
        new(connection.Id, connection.User?.Name, connection.Details.Client, connection.Outbox.Waiting);

    private async Task<NodeLoad?> AskAsync(NodeId node)
    {
        try
        {
            return await requests.AskAsync(node, new DescribeLoad(), PresenceJson.Default.NodeLoad);
        }
        catch (Exception silent) when (NodeRequests.IsSilence(silent))
        {
            return null;
        }
    }

    private void Listen()
    {
        lock (_lock)
        {
            _asked = time.GetUtcNow();
            if (_listener is not null)
            {
                return;
            }

            _since = _asked;
            _counts.Clear();
            _listener = new MeterListener { InstrumentPublished = Enable };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, 1, tags));
            _listener.Start();
            _timer = time.CreateTimer(_ => EndIfForgotten(), state: null, Lease, Lease);
        }
    }

    private void Enable(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Scope == meters && Counted.ContainsKey(instrument.Name))
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (name, by) = Counted[instrument.Name];
        foreach (var tag in tags)
        {
            if (tag.Key == by)
            {
                name = $"{name} {tag.Value}";
            }
        }

        _counts.AddOrUpdate(name, value, (_, count) => count + value);
    }

    private void EndIfForgotten()
    {
        lock (_lock)
        {
            if (time.GetUtcNow() - _asked >= Lease)
            {
                End();
            }
        }
    }

    private void End()
    {
        lock (_lock)
        {
            _listener?.Dispose();
            _timer?.Dispose();
            (_listener, _timer) = (null, null);
        }
    }
}
