using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Authentication;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Authentication;

public sealed class TokenMetricsTests
{
    [Fact]
    public async Task Every_spend_is_counted_by_what_became_of_it()
    {
        await using var node = new Node();
        using var listener = new MeterListener();
        var outcomes = new ConcurrentQueue<string>();
        listener.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Meter.Name == TokenMetrics.MeterName && instrument.Meter.Scope == node.Services.GetService<IMeterFactory>())
            {
                meters.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => outcomes.Enqueue((string)tags[0].Value!));
        listener.Start();
        var hub = new RawHub(node);
        var token = await node.MintAsync("alice");

        await hub.NegotiateAsync(token);
        await hub.NegotiateAsync(token);
        await hub.NegotiateAsync("wstokenBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB");
        await hub.NegotiateAsync("malformed, so nothing is spent");

        outcomes.Should().Equal("accepted", "spent", "unknown");
    }
}
