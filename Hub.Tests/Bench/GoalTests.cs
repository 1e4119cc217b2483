using RealtimeHub.Bench.Report;

namespace RealtimeHub.Tests.Bench;

public sealed class GoalTests
{
    private static readonly Goal AtMost = new("Cheap", ("Connect", "cost", "RealtimeHub"), ("Connect", "cost", "SignalR"), Limit: 0.75);

    private static readonly Goal AtLeast = AtMost with { What = "Fast", Limit = 10, AtLeast = true };

    [Theory]
    [InlineData(75, "| Cheap | ≤ 0.75× | 0.75× | yes |")]
    [InlineData(76, "| Cheap | ≤ 0.75× | 0.76× | no |")]
    [InlineData(double.NaN, "| Cheap | ≤ 0.75× | – | no |")]
    public void A_bound_from_above_is_held_up_to_it(double ours, string row) => AtMost.Row(BookOf(ours)).Should().Be(row);

    [Theory]
    [InlineData(1_000, "| Fast | ≥ 10× | 10.0× | yes |")]
    [InlineData(999, "| Fast | ≥ 10× | 9.99× | no |")]
    public void A_bound_from_below_is_held_from_it_on(double ours, string row) => AtLeast.Row(BookOf(ours)).Should().Be(row);

    [Fact]
    public void What_was_not_measured_is_neither_held_nor_missed() => AtMost.Row(new Book()).Should().Be("| Cheap | ≤ 0.75× | – | not measured |");

    private static Book BookOf(double ours)
    {
        var book = new Book();
        book.Add(new("Connect", "cost", "µs", "RealtimeHub", 1, ours));
        book.Add(new("Connect", "cost", "µs", "SignalR", 1, 100));
        return book;
    }
}
