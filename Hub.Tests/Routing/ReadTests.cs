using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>What a log of at most five messages answers to a cursor that it has given out.</summary>
public abstract class ReadTests(RoutingMode mode) : RouterTests(mode, ("Routing:MaxMessages", "5"))
{
    [Fact]
    public async Task From_the_head_nothing_is_missing()
    {
        var ids = await PublishAsync("a", "b");

        (await ReadAsync(ids[1])).Should().BeEquivalentTo(new LogPage(Recovered: true, ids[1], [], More: false));
    }

    [Fact]
    public async Task From_the_middle_all_that_came_after_is_recovered()
    {
        var ids = await PublishAsync("a", "b", "c", "d");

        var page = await ReadAsync(ids[1]);

        (page.Recovered, page.Cursor, page.More).Should().Be((true, ids[3], false));
        TextsOf(page).Should().Equal("c", "d");
    }

    [Fact]
    public async Task From_the_head_before_the_first_message_everything_is_recovered()
    {
        var head = await Router.HeadAsync(Alice);
        var ids = await PublishAsync("a", "b");

        var page = await ReadAsync(head);

        (page.Recovered, page.Cursor).Should().Be((true, ids[1]));
        TextsOf(page).Should().Equal("a", "b");
    }

    [Fact]
    public async Task From_the_last_trimmed_message_everything_is_recovered()
    {
        var ids = await PublishAsync("a", "b", "c", "d", "e", "f");

        var page = await ReadAsync(ids[0]);

        page.Recovered.Should().BeTrue();
        TextsOf(page).Should().Equal("b", "c", "d", "e", "f");
    }

    [Fact]
    public async Task From_before_a_trimmed_message_the_rest_is_read_as_not_recovered()
    {
        var ids = await PublishAsync("a", "b", "c", "d", "e", "f", "g");

        var page = await ReadAsync(ids[0]);

        (page.Recovered, page.Cursor).Should().Be((false, ids[6]));
        TextsOf(page).Should().Equal("c", "d", "e", "f", "g");
    }

    [Fact]
    public async Task Who_was_never_there_reads_all_that_is_retained_as_recovered()
    {
        var ids = await PublishAsync("a", "b", "c", "d", "e", "f");

        var page = await RetainedAsync(Alice);

        (page.Recovered, page.Cursor, page.More).Should().Be((true, ids[5], false));
        TextsOf(page).Should().Equal("b", "c", "d", "e", "f");
    }

    [Fact]
    public async Task A_log_that_was_never_used_has_a_head_and_nothing_else()
    {
        var page = await RetainedAsync(Alice);

        page.Should().BeEquivalentTo(new LogPage(Recovered: true, await Router.HeadAsync(Alice), [], More: false));
        (await ReadAsync(after: null)).Should().BeEquivalentTo(page with { Recovered = false });
        (await ReadAsync(page.Cursor)).Should().BeEquivalentTo(page);
    }

    public sealed class InMemory() : ReadTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : ReadTests(redis), IClassFixture<RedisRouting>;
}
