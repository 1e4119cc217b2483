using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Documentation;

/// <summary>The table of the instruments in docs/operations.md, beside the instruments that there are.</summary>
public sealed class InstrumentTableTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _node = Node.On(_redis, ("RabbitMq:Uri", $"amqp://127.0.0.1:{LoopbackPort.Next()}"));
        _ = _node.Address;
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task It_has_each_instrument_of_a_node_with_unit_and_kind()
    {
        // Some are there from the first use on.
        await using var client = _node.ClientFor("alice");
        await Received.ByAsync(client);
        await _node.Client.PostAsync("api/users/alice/messages", content: null);

        Rows().Select(row => $"{row[0]} {row[1]} {row[2]}").Should().BeEquivalentTo(Instruments());
    }

    private List<string> Instruments()
    {
        var (found, meters) = (new List<string>(), _node.Services.GetRequiredService<IMeterFactory>());
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == "RealtimeHub" && instrument.Meter.Scope == meters)
                {
                    found.Add($"{instrument.Name} {instrument.Unit} {KindOf(instrument)}");
                    instrument.Description.Should().EndWith(".");
                }
            },
        };
        listener.Start();
        return found;
    }

    private static string KindOf(Instrument instrument) => instrument switch
    {
        Counter<long> or ObservableCounter<long> => "counter",
        Histogram<double> => "histogram",
        ObservableUpDownCounter<int> or ObservableUpDownCounter<long> => "up-down counter",
        _ => instrument.GetType().Name,
    };

    private static IEnumerable<string[]> Rows() =>
        from line in Page.Text("docs/operations.md").Split('\n')
        where line.StartsWith("| `realtimehub.", StringComparison.Ordinal)
        select line.Split('|').Skip(1).Select(cell => cell.Trim(' ', '`')).ToArray();
}
