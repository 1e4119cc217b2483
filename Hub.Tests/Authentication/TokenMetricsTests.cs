using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Authentication;

public sealed class TokenMetricsTests
{
    [Fact]
    public async Task Every_spend_is_counted_by_what_became_of_it()
    {
        await using var node = new Node();
        var hub = new RawHub(node);
        var token = await node.MintAsync("alice");
        using var spends = new Spends(node);

        await hub.NegotiateAsync(token);
        await hub.NegotiateAsync(token);
        await hub.NegotiateAsync("wstokenBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB");
        await hub.NegotiateAsync("malformed, so nothing is spent");

        spends.Outcomes.Should().Equal("accepted", "spent", "unknown");
    }

    [Fact]
    public async Task A_spend_that_the_store_does_not_answer_is_counted_as_that()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = Node.On(redis);
        var token = await node.MintAsync("alice");
        using var spends = new Spends(node);
        redis.Kill();

        await new RawHub(node).NegotiateAsync(token);

        spends.Outcomes.Should().Equal("store_unavailable");
    }

    /// <summary>What a node counts of its spends, from now on.</summary>
    private sealed class Spends : IDisposable
    {
        private readonly ConcurrentQueue<string> _outcomes = new();
        private readonly MeterListener _listener = new();

        public Spends(Node node)
        {
            var meters = node.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "realtimehub.token.spends" && instrument.Meter.Scope == meters)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _outcomes.Enqueue((string)tags[0].Value!));
            _listener.Start();
        }

        public IEnumerable<string> Outcomes => _outcomes;

        public void Dispose() => _listener.Dispose();
    }
}
