using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>How a log is read in pieces. Each message here has ten bytes.</summary>
public abstract class PageTests(RoutingMode mode) : RouterTests(mode, ("Routing:MaxMessages", "200"))
{
    [Fact]
    public async Task A_page_holds_what_fits_and_its_cursor_leads_to_the_next()
    {
        var head = await Router.HeadAsync(Alice);
        var ids = await PublishManyAsync(5);

        var first = await ReadAsync(head, maxBytes: 29);
        var second = await ReadAsync(first.Cursor, maxBytes: 29);
        var third = await ReadAsync(second.Cursor, maxBytes: 29);

        Summary(first).Should().Be((true, 2, ids[1], true));
        Summary(second).Should().Be((true, 2, ids[3], true));
        Summary(third).Should().Be((true, 1, ids[4], false));
    }

    [Fact]
    public async Task A_page_that_is_exactly_full_is_the_last_if_the_log_ends_with_it()
    {
        var head = await Router.HeadAsync(Alice);
        var ids = await PublishManyAsync(3);

        Summary(await ReadAsync(head, maxBytes: 30)).Should().Be((true, 3, ids[2], false));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(0)]
    public async Task A_message_larger_than_a_page_is_a_page_of_its_own(int maxBytes)
    {
        var head = await Router.HeadAsync(Alice);
        var ids = await PublishManyAsync(2);

        var first = await ReadAsync(head, maxBytes);

        Summary(first).Should().Be((true, 1, ids[0], true));
        Summary(await ReadAsync(first.Cursor, maxBytes)).Should().Be((true, 1, ids[1], false));
    }

    [Fact]
    public async Task A_small_message_does_not_pass_a_large_one_before_it()
    {
        var head = await Router.HeadAsync(Alice);
        var ids = await PublishAsync("small", "far too large for a page", "tiny");

        Summary(await ReadAsync(head, maxBytes: 12)).Should().Be((true, 1, ids[0], true));
    }

    [Fact]
    public async Task Bytes_are_counted_not_characters()
    {
        var head = await Router.HeadAsync(Alice);
        await PublishAsync("ünïcödé", "ünïcödé");

        (await ReadAsync(head, maxBytes: 21)).Messages.Should().HaveCount(1);
        (await ReadAsync(head, maxBytes: 22)).Messages.Should().HaveCount(2);
    }

    [Theory]
    [InlineData(NoLimit)]
    [InlineData(310)]
    [InlineData(320)]
    [InlineData(330)]
    public async Task A_long_log_is_read_to_its_end(int maxBytes)
    {
        var ids = await PublishManyAsync(150);

        var pages = await ReadToTheEndAsync(await Router.ReadRetainedAsync(Alice, maxBytes), maxBytes);

        pages.Should().OnlyContain(page => page.Recovered);
        pages.SelectMany(page => page.Messages).Select(message => message.Id).Should().Equal(ids);
        pages[^1].Cursor.Should().Be(ids[^1]);
    }

    [Fact]
    public async Task A_loss_is_told_on_the_first_page_and_not_again()
    {
        var ids = await PublishManyAsync(203);

        var pages = await ReadToTheEndAsync(await ReadAsync(ids[0], maxBytes: 1_000), maxBytes: 1_000);

        pages.Select(page => page.Recovered).Should().Equal(false, true);
        pages.SelectMany(page => page.Messages).Select(message => message.Id).Should().Equal(ids.Skip(3));
    }

    [Fact]
    public async Task What_is_trimmed_between_two_pages_is_told_on_the_second()
    {
        var head = await Router.HeadAsync(Alice);
        await PublishManyAsync(3);
        var first = await ReadAsync(head, maxBytes: 10);

        var ids = await PublishManyAsync(200);

        Summary(await ReadAsync(first.Cursor)).Should().Be((false, 200, ids[^1], false));
    }

    private Task<Cursor[]> PublishManyAsync(int count) =>
        Task.WhenAll(Router.PublishAll([.. Enumerable.Range(0, count).Select(number => To(Alice, $"{number,10}"))]));

    private async Task<IReadOnlyList<LogPage>> ReadToTheEndAsync(LogPage first, int maxBytes)
    {
        var pages = new List<LogPage> { first };
        while (pages[^1].More)
        {
            pages.Add(await ReadAsync(pages[^1].Cursor, maxBytes));
        }

        return pages;
    }

    private static (bool Recovered, int Messages, Cursor Cursor, bool More) Summary(LogPage page) =>
        (page.Recovered, page.Messages.Count, page.Cursor, page.More);

    public sealed class InMemory() : PageTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : PageTests(redis), IClassFixture<RedisRouting>;
}
