using RealtimeHub.Bench.Report;

namespace RealtimeHub.Tests.Bench;

public sealed class TableTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.PositiveInfinity, "∞")]
    [InlineData(0.0, "0.00")]
    [InlineData(3.14159, "3.14")]
    [InlineData(31.4159, "31.4")]
    [InlineData(314.159, "314")]
    [InlineData(3141.59, "3,142")]
    [InlineData(31415926.5, "31,415,926")]
    public void A_number_has_as_many_digits_as_can_be_believed(double? value, string text) => Table.Format(value).Should().Be(text);

    [Fact]
    public void A_table_has_a_column_for_each_system_in_the_order_of_the_lineup_and_a_ratio_to_stock()
    {
        var book = new Book();
        book.Add(new("Connect", "connects", "/s", "Floor", 1, 4_000));
        book.Add(new("Connect", "connects", "/s", "SignalR", 1, 1_000));
        book.Add(new("Connect", "connects", "/s", "RealtimeHub", 1, 2_000));
        book.Add(new("Connect", "lost", "", "SignalR", 1, 3));

        Table.Render(book).Should().Be("""
            ### Connect

            |  | RealtimeHub | SignalR | Floor | RealtimeHub ÷ SignalR |
            | --- | --- | --- | --- | --- |
            | connects, /s | 2,000 | 1,000 | 4,000 | 2.00 |
            | lost | – | 3.00 | – | – |

            """);
    }

    [Theory]
    [InlineData("RealtimeHub, published ÷ SignalR", "RealtimeHub", "RealtimeHub, published", "SignalR")]
    [InlineData("RealtimeHub, embedded ÷ SignalR", "SignalR", "RealtimeHub, embedded")]
    public void The_ratio_is_that_of_the_form_that_operators_run_or_of_what_there_is_of_ours(string heading, params string[] systems)
    {
        var book = new Book();
        Array.ForEach(systems, system => book.Add(new("Fresh node", "cost", "µs", system, 1, 1)));

        Table.Render(book, "Fresh node").Should().Contain($"| {heading} |");
    }

    [Fact]
    public void Without_stock_there_is_no_ratio()
    {
        var book = new Book();
        book.Add(new("Connect", "connects", "/s", "Floor", 1, 4_000));

        Table.Render(book, "Connect").Should().Be("|  | Floor |\n| --- | --- |\n| connects, /s | 4,000 |\n");
    }
}
