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

    /// <summary>The values are those of the table of Student's distribution in any textbook.</summary>
    [Theory]
    [InlineData(1, 12.7062)]
    [InlineData(4, 2.7764)]
    [InlineData(19, 2.0930)]
    [InlineData(20, 2.0860)]
    [InlineData(21, 2.0796)]
    [InlineData(30, 2.0423)]
    [InlineData(120, 1.9799)]
    public void The_quantile_is_that_of_Student_s_distribution(int freedom, double quantile) =>
        Statistics.StudentQuantile(freedom).Should().BeApproximately(quantile, 0.0001);

    /// <summary>Gosset's own data: the extra sleep of ten patients, whose mean is 1.58 with a 95 % interval from 0.70 to 2.46.</summary>
    [Fact]
    public void The_interval_of_a_mean_is_that_of_Student_s_sleepers() =>
        Statistics.HalfInterval([1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4]).Should().BeApproximately(0.8799, 0.0001);

    [Fact]
    public void One_value_has_no_interval() => Statistics.HalfInterval([1]).Should().Be(double.NaN);

    [Theory]
    [InlineData(0.99, 100, 0)]
    [InlineData(0.99, 100, 1)]
    [InlineData(double.NaN, 100, 2)]
    [InlineData(9.9, 1_000, 10)]
    public void Ninety_nine_in_a_hundred_are_there_when_all_but_the_last_are(double seconds, int all, int never) =>
        Statistics.SecondsUntil99Percent([.. Enumerable.Range(1, all - never).Select(number => number * 10_000L), .. new long[never]])
            .Should().Be(seconds);

    [Fact]
    public void Of_nothing_there_is_no_median() => Statistics.Median([]).Should().BeNull();
}
