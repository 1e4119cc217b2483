using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Nodes;

/// <summary>How long messages take to the nodes that a node has met, and when one is silent.</summary>
public sealed class NodeWaysTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly NodeId _self = NodeId.Create();
    private readonly NodeId _other = NodeId.Create();
    private readonly MeterListener _listener = new();
    private readonly List<string> _measured = [];
    private readonly NodeWays _ways;

    public NodeWaysTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, _) => _measured.Add(FormattableString.Invariant($"{tags[0].Value} {value}")));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => _measured.Add(FormattableString.Invariant($"{tags[0].Value} {value}")));
        _ways = new NodeWays(_self, meters, _time);
        _listener.Start();
        _ways.Meet(_self.Value);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void A_latency_is_half_of_the_way_there_and_back()
    {
        _ways.Meet(_other.Value);
        var (own, other) = (_ways.Ask(_self), _ways.Ask(_other));
        _time.Advance(TimeSpan.FromMilliseconds(10));
        _ways.Answer(_self.Value, own);
        _time.Advance(TimeSpan.FromMilliseconds(20));
        _ways.Answer(_other.Value, other);

        _ways.Latencies.Should().Equal(new Dictionary<string, double?> { [_self.Value] = 0.005, [_other.Value] = 0.015 });
        _measured.Should().Equal("own 0.005", "other 0.015");
    }

    [Fact]
    public void What_is_not_answered_within_five_seconds_is_lost_once_and_its_answer_no_longer_counts()
    {
        var question = _ways.Ask(_self);
        _time.Advance(NodeWays.LongestAnswer - TimeSpan.FromMilliseconds(1));
        _ways.Silent.Should().BeEmpty();

        _time.Advance(TimeSpan.FromMilliseconds(1));
        _ways.Silent.Should().Equal(_self.Value);
        _ways.Answer(_self.Value, question);

        _ways.Silent.Should().Equal(_self.Value);
        _ways.Latencies.Should().Equal(new Dictionary<string, double?> { [_self.Value] = null });
        _measured.Should().BeEmpty();
        Lost().Should().Equal("own 1", "other 0");
    }

    [Fact]
    public void A_way_is_well_again_with_its_next_answer()
    {
        _ways.Ask(_self);
        _time.Advance(NodeWays.LongestAnswer);
        _ways.Silent.Should().Equal(_self.Value);

        _ways.Answer(_self.Value, _ways.Ask(_self));

        _ways.Silent.Should().BeEmpty();
    }

    [Fact]
    public void Only_the_question_that_was_asked_there_is_answered()
    {
        _ways.Meet(_other.Value);
        var question = _ways.Ask(_other);

        _ways.Answer(_self.Value, question);
        _ways.Answer(_other.Value, "0123456789abcdef");

        _measured.Should().BeEmpty();
        _ways.Answer(_other.Value, question);
        _measured.Should().Equal("other 0");
    }

    [Fact]
    public void A_node_that_has_not_been_met_has_left_or_lives_no_more_is_not_missed()
    {
        var dead = NodeId.Create();
        _ways.Ask(_other);
        _ways.Meet(dead.Value);
        _ways.Ask(dead);
        _ways.Keep([_other]);
        _ways.Meet(_other.Value);
        _ways.Ask(_other);
        _ways.Leave(_other.Value);
        _ways.Meet(_other.Value);
        _ways.Ask(_other);

        _time.Advance(NodeWays.LongestAnswer);

        _ways.Silent.Should().BeEmpty();
        _ways.HasLeft(_other.Value).Should().BeTrue();
        Lost().Should().Equal("own 0", "other 0");
    }

    [Fact]
    public void Without_a_canary_there_are_no_latencies()
    {
        _ways.Clear();

        _ways.Latencies.Should().BeNull();
    }

    private List<string> Lost()
    {
        _measured.Clear();
        _listener.RecordObservableInstruments();
        return _measured;
    }
}
