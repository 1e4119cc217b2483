using RealtimeHub.Bench.Report;

namespace RealtimeHub.Tests.Bench;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(7, new[] { 7.0 })]
    [InlineData(2, new[] { 3.0, 1, 2 })]
    [InlineData(2.5, new[] { 4.0, 1, 2, 3 })]
    public void The_median_is_in_the_middle(double median, double[] values) => Statistics.Median(values).Should().Be(median);

    [Fact]
    public void What_never_came_is_not_taken_for_small() => Statistics.Median([1, double.NaN, 2]).Should().Be(double.NaN);

    [Fact]
    public void Of_nothing_there_is_no_median() => Statistics.Median([]).Should().BeNull();
}
