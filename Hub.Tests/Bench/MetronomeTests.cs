using RealtimeHub.Bench.Load;

namespace RealtimeHub.Tests.Bench;

public sealed class MetronomeTests
{
    [Fact]
    public async Task Each_arrival_comes_once_in_order_and_is_due_as_long_after_the_one_before()
    {
        const double perSecond = 2_000;
        var arrivals = new List<(int Number, long Due)>();

        await Metronome.RunAsync(perSecond, 100, (number, due) => arrivals.Add((number, due)));

        arrivals.Select(arrival => arrival.Number).Should().Equal(Enumerable.Range(0, 100));
        arrivals.Zip(arrivals.Skip(1), (one, next) => next.Due - one.Due).Should()
            .OnlyContain(between => between == Clock.Ticks(TimeSpan.FromSeconds(1 / perSecond)));
    }

    [Fact]
    public async Task None_comes_before_it_is_due()
    {
        var early = 0;

        await Metronome.RunAsync(5_000, 100, (_, due) => early += Clock.Now < due ? 1 : 0);

        early.Should().Be(0);
    }
}
