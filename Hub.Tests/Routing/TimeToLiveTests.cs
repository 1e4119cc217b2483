using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>Messages that are worth nothing after a while: nobody misses them then.</summary>
public abstract class TimeToLiveTests(RoutingMode mode) : RouterTests(mode, ("Routing:MaxAge", "01:00:00"))
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_message_is_read_while_it_has_time_to_live()
    {
        await PublishMortalAsync("b", Minute);

        await AdvanceAsync(TimeSpan.FromSeconds(50));

        TextsOf(await RetainedAsync(Alice)).Should().Equal("b");
    }

    [Fact]
    public async Task A_message_whose_time_is_over_is_passed_over_and_is_no_loss()
    {
        var head = await Router.HeadAsync(Alice);
        await PublishAsync("a");
        await PublishMortalAsync("b", Minute);
        var ids = await PublishAsync("c");

        await AdvanceAsync(Minute);

        var page = await ReadAsync(head);
        (page.Recovered, page.Cursor).Should().Be((true, ids[0]));
        TextsOf(page).Should().Equal("a", "c");
        TextsOf(await RetainedAsync(Alice)).Should().Equal("a", "c");
    }

    [Fact]
    public async Task A_message_whose_time_is_over_is_still_a_place_to_resume_from()
    {
        var mortal = await PublishMortalAsync("a", Minute);
        await PublishAsync("b");

        await AdvanceAsync(Minute);

        var page = await ReadAsync(mortal);
        page.Recovered.Should().BeTrue();
        TextsOf(page).Should().Equal("b");
    }

    [Fact]
    public async Task When_the_last_message_s_time_is_over_the_head_is_still_its_id()
    {
        var ids = await PublishAsync("a");
        var mortal = await PublishMortalAsync("b", Minute);

        await AdvanceAsync(Minute);

        (await ReadAsync(ids[0])).Should().BeEquivalentTo(new LogPage(Recovered: true, mortal, [], More: false));
    }

    [Fact]
    public async Task A_page_passes_over_messages_whose_time_is_over_without_counting_them()
    {
        var head = await Router.HeadAsync(Alice);
        await PublishAsync("ten bytes!");
        var mortal = await PublishMortalAsync("ten bytes?", Minute);
        await PublishAsync("ten bytes.");
        await AdvanceAsync(Minute);

        var first = await ReadAsync(head, maxBytes: 19);

        (first.Cursor, first.More).Should().Be((mortal, true));
        TextsOf(await ReadAsync(head, maxBytes: 20)).Should().Equal("ten bytes!", "ten bytes.");
        TextsOf(await ReadAsync(first.Cursor, maxBytes: 19)).Should().Equal("ten bytes.");
    }

    [Fact]
    public async Task A_message_with_more_time_to_live_than_the_log_gives_is_lost_like_any_other()
    {
        var head = await Router.HeadAsync(Alice);
        await PublishMortalAsync("a", TimeSpan.FromDays(365));

        await AdvanceAsync(TimeSpan.FromMinutes(61));

        var page = await ReadAsync(head);
        page.Recovered.Should().BeFalse();
        page.Messages.Should().BeEmpty();
    }

    private Task<Cursor> PublishMortalAsync(string text, TimeSpan timeToLive) =>
        Router.PublishAsync(To(Alice, text) with { TimeToLive = timeToLive });

    public sealed class InMemory() : TimeToLiveTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : TimeToLiveTests(redis), IClassFixture<RedisRouting>;
}
