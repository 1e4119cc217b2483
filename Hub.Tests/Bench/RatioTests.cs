using System.Buffers.Binary;
using System.Security.Cryptography;
using RealtimeHub.Bench.Report;

namespace RealtimeHub.Tests.Bench;

public sealed class RatioTests
{
    [Fact]
    public void A_ratio_is_the_geometric_mean_with_the_interval_of_its_logarithms()
    {
        // ln 2 / 3 is the standard error of these three, and 4.3027 the quantile of two degrees of freedom.
        var ratio = Ratio.Of([1, 2, 4])!;

        ratio.Value.Should().BeApproximately(2, 1e-9);
        (ratio.High / ratio.Value).Should().BeApproximately(Math.Exp(4.3027 * Math.Log(2) / Math.Sqrt(3)), 1e-9);
        (ratio.Value / ratio.Low).Should().BeApproximately(ratio.High / ratio.Value, 1e-9);
    }

    [Fact]
    public void It_does_not_matter_which_of_the_two_is_on_top()
    {
        var (ratio, inverse) = (Ratio.Of([0.5, 0.7, 0.9])!, Ratio.Of([1 / 0.5, 1 / 0.7, 1 / 0.9])!);

        (1 / ratio.Value).Should().BeApproximately(inverse.Value, 1e-9);
        (1 / ratio.Low).Should().BeApproximately(inverse.High, 1e-9);
    }

    [Fact]
    public void In_95_of_100_runs_the_interval_has_the_truth_in_it()
    {
        var rounds = Enumerable.Range(0, 50_000).Select(number => 0.8 * Math.Exp(0.1 * Normal(number)));

        var hits = rounds.Chunk(5).Count(five => Ratio.Of(five) is { Low: <= 0.8, High: >= 0.8 });

        hits.Should().BeInRange(9_400, 9_600);
    }

    [Theory]
    [InlineData(true, 1.0, 1.2, 0.9)]
    [InlineData(false, 1.0, 1.01, 1.02)]
    [InlineData(false, 1.0)]
    [InlineData(false, 0.0, 1.0)]
    public void More_rounds_are_wanted_while_the_interval_is_wider_than_8_percent(bool wide, params double[] rounds) =>
        Ratio.Of(rounds)!.IsWide.Should().Be(wide);

    [Theory]
    [InlineData("0.84", 0.84)]
    [InlineData("2.00 (2.00–2.00)", 2.0, 2.0)]
    [InlineData("0.00", 0.0, 0.0, 3.0)]
    [InlineData("∞", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("–", double.NaN, 1.0)]
    public void What_has_no_logarithm_or_no_second_round_has_no_interval(string text, params double[] rounds) =>
        Ratio.Of(rounds)!.Text().Should().Be(text);

    [Fact]
    public void Of_no_rounds_there_is_no_ratio() => Ratio.Of([]).Should().BeNull();

    /// <summary>Of the normal distribution, after Box and Muller, the same for the same number.</summary>
    private static double Normal(int number) =>
        Math.Sqrt(-2 * Math.Log(1 - Uniform(2 * number))) * Math.Cos(2 * Math.PI * Uniform((2 * number) + 1));

    private static double Uniform(int number) =>
        BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(BitConverter.GetBytes(number))) / (uint.MaxValue + 1.0);
}
