using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Operations;
using RealtimeHub.Tests.Authentication;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Operations;

/// <summary>What the operator sees of those who are turned away.</summary>
public sealed class RefusalLogTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly ConcurrentQueue<string> _counted = new();
    private readonly MeterListener _listener = new();
    private readonly Node _node;

    public RefusalLogTests() => _node = new Node { Time = _time };

    public Task InitializeAsync()
    {
        _ = _node.Address;
        var meters = _node.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "realtimehub.refusals" && instrument.Meter.Name == HubMeter.Name && instrument.Meter.Scope == meters)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) => _counted.Enqueue($"{count} {string.Join(' ', tags.ToArray())}"));
        _listener.Start();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _listener.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task A_thousand_replays_are_two_lines_of_each_sort_and_a_count_of_a_thousand()
    {
        var hub = new RawHub(_node);
        var token = await _node.MintAsync("alice");
        await hub.NegotiateAsync(token);

        for (var turn = 0; turn < 1_000; turn++)
        {
            await hub.NegotiateAsync(token);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        var fingerprint = Node.Sha256(token)[..8];
        LinesOf("TokenReplayed").Should().HaveCount(2).And.SatisfyRespectively(
            first => first.Should().Contain($"(1): #{fingerprint}."), then => then.Should().Contain($"(999): #{fingerprint}."));
        LinesOf("Refused").Should().HaveCount(2).And.SatisfyRespectively(
            first => first.Should().Contain("refused (1): 401 token_spent, from no page."), then => then.Should().Contain("refused (999): 401 token_spent"));
        OwnLines.Should().HaveCountLessThan(20, "nothing else of ours may tell of each");
        _counted.Should().HaveCount(1_000).And.OnlyContain(count => count == "1 [code, token_spent]");
    }

    [Fact]
    public async Task A_page_that_may_not_connect_leaves_its_origin_in_a_warning_and_its_code_in_a_count()
    {
        await new RawHub(_node).NegotiateAsync(null, ("Origin", "https://evil.example"));

        LinesOf("Refused").Should().ContainSingle().Which.Should().StartWith("Warning ").And.Contain("refused (1): 403 origin_refused, from https://evil.example.");
        _counted.Should().Equal("1 [code, origin_refused]");
    }

    [Fact]
    public async Task Every_door_counts_whom_it_turns_away()
    {
        var api = Node.Api("/api/users/alice/messages", new { });
        api.Headers.Remove("X-Api-Key");
        await _node.Client.SendAsync(api);
        await _node.Client.SendAsync(Node.Api("/api/users/alice/messages", new { }));
        await _node.Client.SendAsync(Node.Api("/api/tokens", new { }));
        await _node.Client.SendAsync(Node.Api("/api/nowhere", new { }));
        await new RawHub(_node).UpgradeAsync("");

        _counted.Should().Equal(
            "1 [code, key_refused]", "1 [code, body_invalid]", "1 [code, body_invalid]", "1 [code, not_found]", "1 [code, token_missing]");
        LinesOf("Refused").Should().HaveCount(4, "the second bad body waits for its second to pass");
    }

    [Fact]
    public async Task A_thousand_wrong_keys_do_not_fill_the_log_either()
    {
        for (var turn = 0; turn < 1_000; turn++)
        {
            var wrong = Node.Api("/api/everyone/messages", new { });
            wrong.Headers.Remove("X-Api-Key");
            wrong.Headers.Add("X-Api-Key", $"guess {turn}");
            await _node.Client.SendAsync(wrong);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        LinesOf("Refused").Should().HaveCount(2);
        OwnLines.Should().HaveCountLessThan(20);
        _node.Log.Lines.Should().NotContain(line => line.Contains("guess 7"));
    }

    private IEnumerable<string> OwnLines => _node.Log.Lines.Where(line => line.Contains(" RealtimeHub.", StringComparison.Ordinal));

    private IEnumerable<string> LinesOf(string name) => OwnLines.Where(line => line.Contains($" {name}: ", StringComparison.Ordinal));
}
