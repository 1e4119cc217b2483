using RealtimeHub.Bench.Report;

namespace RealtimeHub.Tests.Bench;

public sealed class RegionsTests
{
    private const string Page = "# Title\n\n<!-- table: Connect -->\nold\n<!-- /table -->\n\nText.\n\n<!-- table: Idle memory -->\n<!-- /table -->\n";

    [Fact]
    public void Only_what_stands_in_a_region_is_replaced_and_twice_is_as_once()
    {
        var book = new Book();
        book.Add(new("Connect", "connects", "/s", "Floor", 1, 4));

        var filled = Regions.Fill(Page, book);

        filled.Should().Be(
            "# Title\n\n<!-- table: Connect -->\n|  | Floor |\n| --- | --- |\n| connects, /s | 4.00 |\n<!-- /table -->\n\nText.\n\n"
            + "<!-- table: Idle memory -->\nNot measured yet.\n<!-- /table -->\n");
        Regions.Fill(filled, book).Should().Be(filled);
        Regions.In(filled).Should().Equal("Connect", "Idle memory");
    }
}
