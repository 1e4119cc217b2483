using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>What a log answers to a cursor that it has never given out. It never pretends.</summary>
public abstract class ForgedCursorTests(RoutingMode mode) : RouterTests(mode)
{
    [Fact]
    public async Task A_cursor_that_is_none_gets_all_that_is_retained_as_not_recovered()
    {
        var ids = await PublishAsync("a", "b");

        var page = await ReadAsync(after: null);

        (page.Recovered, page.Cursor).Should().Be((false, ids[1]));
        TextsOf(page).Should().Equal("a", "b");
    }

    [Fact]
    public async Task A_cursor_with_another_random_half_is_not_recovered_and_gets_what_is_above_it()
    {
        var ids = await PublishAsync("a", "b", "c");

        var page = await ReadAsync(ids[1] with { Tag = ids[1].Tag ^ 1 });

        (page.Recovered, page.Cursor).Should().Be((false, ids[2]));
        TextsOf(page).Should().Equal("c");
    }

    [Fact]
    public async Task A_head_with_another_random_half_is_not_recovered()
    {
        var ids = await PublishAsync("a");

        (await ReadAsync(ids[0] with { Tag = ids[0].Tag ^ 1 })).Should()
            .BeEquivalentTo(new LogPage(Recovered: false, ids[0], [], More: false));
    }

    [Fact]
    public async Task A_cursor_of_another_address_is_not_recovered()
    {
        var foreign = await Router.PublishAsync(To(Bob, "Bob's"));
        await PublishAsync("a", "b");

        var page = await ReadAsync(foreign);

        page.Recovered.Should().BeFalse();
        page.Messages.Should().Equal((await RetainedAsync(Alice)).Messages.Where(message => message.Id.Offset > foreign.Offset), IsSame);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, ulong.MaxValue)]
    [InlineData(1, 1)]
    public async Task A_cursor_below_the_log_gets_all_of_it_as_not_recovered(ulong offset, ulong tag)
    {
        await PublishAsync("a", "b");

        var page = await ReadAsync(new Cursor(offset, tag));

        page.Recovered.Should().BeFalse();
        TextsOf(page).Should().Equal("a", "b");
    }

    [Theory]
    [InlineData(9_000_000_000_000_000, 1)]
    [InlineData(9_007_199_254_740_993, 0)]
    [InlineData(long.MaxValue, ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 1, ulong.MaxValue)]
    [InlineData(ulong.MaxValue, 0)]
    [InlineData(ulong.MaxValue, ulong.MaxValue)]
    public async Task A_cursor_from_the_future_is_not_recovered_and_gets_the_head_to_go_on_from(ulong offset, ulong tag)
    {
        var ids = await PublishAsync("a", "b");

        (await ReadAsync(new Cursor(offset, tag))).Should().BeEquivalentTo(new LogPage(Recovered: false, ids[1], [], More: false));
    }

    private static bool IsSame(RoutedMessage one, RoutedMessage other) => one.Id == other.Id && TextOf(one) == TextOf(other);

    public sealed class InMemory() : ForgedCursorTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : ForgedCursorTests(redis), IClassFixture<RedisRouting>;
}
