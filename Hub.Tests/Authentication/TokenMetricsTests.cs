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
        var meters = node.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        var outcomes = new ConcurrentQueue<string>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "realtimehub.token.spends" && instrument.Meter.Scope == meters)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => outcomes.Enqueue((string)tags[0].Value!));
        listener.Start();

        await hub.NegotiateAsync(token);
        await hub.NegotiateAsync(token);
        await hub.NegotiateAsync("wstokenBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB");
        await hub.NegotiateAsync("malformed, so nothing is spent");

        outcomes.Should().Equal("accepted", "spent", "unknown");
    }
}
