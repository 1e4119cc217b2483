using RealtimeHub.Connections;
using RealtimeHub.Operations;

namespace RealtimeHub.Tests.Connections;

/// <summary>When clients are told to move.</summary>
public sealed class DrainScheduleTests
{
    private static readonly TimeSpan Twenty = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(0, 20, 0)]
    [InlineData(1, 20, 0.25)]
    [InlineData(79, 20, 19.75)]
    [InlineData(80, 20, 20)]
    [InlineData(20_000, 20, 20)]
    [InlineData(100_000, 20, 100)]
    [InlineData(3_000, 1, 3)]
    [InlineData(100_000, 0, 0)]
    public void It_takes_the_time_that_is_set_and_less_for_few_and_more_for_many(int connections, int set, double seconds) =>
        DrainSchedule.TimeFor(connections, TimeSpan.FromSeconds(set)).Should().Be(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(80)]
    [InlineData(2_000)]
    [InlineData(50_000)]
    public void The_moments_are_spread_evenly_over_it_with_no_gap_over_half_a_second(int connections)
    {
        foreach (var random in (Func<double>[])[Jitter.Next, () => 0, () => 0.999_999])
        {
            TimeSpan[] moments = [.. DrainSchedule.MomentsOf(connections, Twenty, random)];

            moments.Should().HaveCount(connections).And.BeInAscendingOrder();
            moments.Zip(moments.Skip(1), (earlier, later) => later - earlier).Should()
                .NotContain(gap => gap > TimeSpan.FromMilliseconds(500));
            moments[^1].Should().BeLessThanOrEqualTo(DrainSchedule.TimeFor(connections, Twenty));
            moments[0].Should().BeLessThanOrEqualTo(TimeSpan.FromMilliseconds(250));
        }
    }

    [Fact]
    public void Two_nodes_are_not_in_step() => DrainSchedule.MomentsOf(10, Twenty, Jitter.Next).Should()
        .NotIntersectWith(DrainSchedule.MomentsOf(10, Twenty, Jitter.Next));

    [Fact]
    public void Whoever_may_not_wait_has_all_told_at_once() =>
        DrainSchedule.MomentsOf(100, TimeSpan.Zero, () => 0.5).Should().OnlyContain(moment => moment == TimeSpan.Zero);
}
