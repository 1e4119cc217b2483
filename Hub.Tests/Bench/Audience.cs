using System.Collections.Concurrent;
using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Systems;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Bench;

/// <summary>The bench's own clients of a running system, and who of them got what.</summary>
internal sealed class Audience : IAsyncDisposable
{
    private readonly Cluster _cluster;
    private readonly Swarm _swarm;
    private readonly ConcurrentDictionary<string, bool> _got = [];

    private Audience(Cluster cluster, Visitor[] visitors)
    {
        var ledger = new Ledger { Delivered = (client, number) => _got[$"{client.User} {number}"] = true };
        ledger.Begin(messages: 1_000);
        (_cluster, _swarm) = (cluster, new Swarm(cluster.System, visitors, ledger));
    }

    /// <summary>Each that got a message, as <c>user 7</c>.</summary>
    public IEnumerable<string> Got => _got.Keys;

    public static async Task<Audience> InAsync(Cluster cluster, params Visitor[] visitors)
    {
        var audience = new Audience(cluster, visitors);
        await audience._swarm.ConnectAsync(cluster, atOnce: 1);
        return audience;
    }

    /// <summary>Posts a request until it has reached these: of most systems a client may be in a moment before it is reachable.</summary>
    public async Task ReachAsync(byte[] request, params string[] expected)
    {
        using var backend = await HttpLine.OpenAsync(_cluster.Ports[0]);
        await Eventually.HoldsAsync(async () =>
        {
            (await backend.SendAsync(request)).Should().BeInRange(200, 299);
            return expected.All(_got.ContainsKey);
        });
    }

    public ValueTask DisposeAsync() => _swarm.DisposeAsync();
}
