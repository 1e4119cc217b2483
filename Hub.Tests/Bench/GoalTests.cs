using RealtimeHub.Bench.Report;

namespace RealtimeHub.Tests.Bench;

public sealed class GoalTests
{
    private static readonly Bound AtMost = new(new("Connect", "cost", "RealtimeHub"), new("Connect", "cost", "SignalR"), Limit: 0.75);

    private static readonly Bound AtLeast = AtMost with { Limit = 10, AtLeast = true };

    private static readonly Bound None = new(new("Connect", "lost", "RealtimeHub"), null, Limit: 0, Unit: " lost");

    [Theory]
    [InlineData(75, "0.75×", "yes")]
    [InlineData(76, "0.76×", "no")]
    [InlineData(double.NaN, "–", "no")]
    public void A_bound_from_above_is_held_up_to_it(double ours, string measured, string verdict) =>
        Should(AtMost, BookOf(ours), measured, verdict);

    [Theory]
    [InlineData(1_000, "10.0×", "yes")]
    [InlineData(999, "9.99×", "no")]
    public void A_bound_from_below_is_held_from_it_on(double ours, string measured, string verdict) =>
        Should(AtLeast, BookOf(ours), measured, verdict);

    [Fact]
    public void A_ratio_comes_with_its_interval() => AtMost.Measured(BookOf(50, 100, 200)).Should().Be("1.00× (0.18–5.60)");

    [Theory]
    [InlineData(0, "0.00 lost", "yes")]
    [InlineData(1, "1.00 lost", "no")]
    public void Of_a_number_by_itself_the_worst_round_counts(double worst, string measured, string verdict)
    {
        var book = new Book();
        Array.ForEach([0, worst, 0], lost => book.Add(new("Connect", "lost", "", "RealtimeHub", 1, lost)));

        Should(None, book, measured, verdict);
    }

    [Fact]
    public void What_was_not_measured_is_neither_held_nor_missed()
    {
        Goal(AtMost, None).Row(new Book()).Should().Be("| Cheap | 0.75×, none lost | – | not measured yet |");
        Goal(AtMost, None).Row(BookOf(75)).Should().Be("| Cheap | 0.75×, none lost | 0.75× / – | yes / not measured yet |");
    }

    private static Goal Goal(params Bound[] bounds) => new("Cheap", "0.75×, none lost", bounds);

    private static void Should(Bound bound, Book book, string measured, string verdict)
    {
        bound.Measured(book).Should().Be(measured);
        bound.Verdict(book).Should().Be(verdict);
    }

    private static Book BookOf(params double[] ours)
    {
        var book = new Book();
        foreach (var (round, value) in ours.Index())
        {
            book.Add(new("Connect", "cost", "µs", "RealtimeHub", round + 1, value));
            book.Add(new("Connect", "cost", "µs", "SignalR", round + 1, 100));
        }

        return book;
    }
}
