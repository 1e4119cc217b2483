using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>Whoever remembers a message that a failover has lost makes the log tell everybody that something is missing there.</summary>
public sealed class RedisGapTests(RedisRouting redis) : RouterTests(redis, ("Routing:MaxMessages", "20")), IClassFixture<RedisRouting>
{
    [Fact]
    public async Task Who_had_not_seen_what_a_failover_lost_is_told_by_the_next_publish_of_its_publisher()
    {
        var seen = (await PublishAsync("seen"))[0];
        await redis.FailOverWithoutAsync(() => PublishAsync("lost", "lost"));

        var next = (await PublishAsync("next"))[0];

        var page = await ReadAsync(seen);
        (page.Recovered, page.Cursor).Should().Be((false, next));
        TextsOf(page).Should().Equal("next");
    }

    [Fact]
    public async Task Who_had_not_seen_what_a_failover_lost_is_told_when_a_node_that_had_looks_at_the_head()
    {
        var seen = (await PublishAsync("seen"))[0];
        var lost = await LoseAsync();
        await using var other = await redis.OpenOneMoreAsync();

        var head = await other.Router.HeadAsync(Alice, known: lost);

        (await ReadAsync(seen)).Should().BeEquivalentTo(new LogPage(Recovered: false, head, [], More: false));
        (await ReadAsync(head)).Recovered.Should().BeTrue("who stands behind the gap has been told");
    }

    [Fact]
    public async Task Who_had_not_seen_what_a_failover_lost_is_told_when_a_node_that_had_attaches()
    {
        var seen = (await PublishAsync("seen"))[0];
        var lost = await LoseAsync();

        var head = (await Router.AttachAsync(Alice, "connection", known: lost)).Head;

        (await ReadAsync(seen)).Should().BeEquivalentTo(new LogPage(Recovered: false, head, [], More: false));
    }

    [Fact]
    public async Task One_loss_is_told_once_however_many_messages_its_publisher_has_on_the_way()
    {
        var seen = (await PublishAsync("seen"))[0];
        await redis.FailOverWithoutAsync(() => PublishAsync("lost"));

        await Task.WhenAll([
            .. Router.PublishAll([.. Enumerable.Range(0, 5).Select(number => To(Alice, $"batch {number}"))]),
            .. Enumerable.Range(0, 5).Select(number => Router.PublishAsync(To(Alice, $"single {number}"))),
        ]);

        var page = await ReadAsync(seen);
        page.Recovered.Should().BeFalse();
        page.Messages.Should().HaveCount(10, "nothing but the first gap divides the log");
    }

    [Fact]
    public async Task A_loss_is_told_where_it_is_after_what_came_before_it()
    {
        var ids = await PublishAsync("seen", "kept");
        await LoseAsync();
        await PublishAsync("next");

        var before = await ReadAsync(ids[0]);
        var after = await ReadAsync(before.Cursor);

        (before.Recovered, before.Cursor, before.More).Should().Be((true, ids[1], true));
        TextsOf(before).Should().Equal("kept");
        (after.Recovered, after.More).Should().Be((false, false));
        TextsOf(after).Should().Equal("next");
    }

    [Fact]
    public async Task Who_was_never_there_reads_across_a_gap_and_has_lost_nothing()
    {
        await PublishAsync("kept");
        await LoseAsync();
        await PublishAsync("next");

        var page = await RetainedAsync(Alice);

        (page.Recovered, page.More).Should().Be((true, false));
        TextsOf(page).Should().Equal("kept", "next");
    }

    [Fact]
    public async Task The_nodes_of_the_address_are_told_of_a_gap()
    {
        await Router.AttachAsync(Alice, "connection");
        await PublishAsync("kept");
        var lost = await LoseAsync();

        var head = await Router.HeadAsync(Alice, known: lost);

        (await Node.DeliveredAsync()).Where(message => message.IsGap).Should().ContainSingle().Which.Id.Should().Be(head);
    }

    [Fact]
    public async Task What_stands_in_the_log_or_was_trimmed_leaves_no_gap()
    {
        var ids = await PublishAsync([.. Enumerable.Range(0, 25).Select(number => $"{number}")]);

        var heads = await Task.WhenAll(ids.Select(id => Router.HeadAsync(Alice, known: id)));

        heads.Should().OnlyContain(head => head == ids[24]);
    }

    [Fact]
    public async Task What_has_grown_too_old_leaves_no_gap()
    {
        var ids = await PublishAsync("a", "b");
        await AdvanceAsync(TimeSpan.FromDays(8));

        var heads = await Task.WhenAll(ids.Select(id => Router.HeadAsync(Alice, known: id)));

        heads.Should().OnlyContain(head => head == ids[1]);
    }

    [Fact]
    public async Task What_lies_before_the_oldest_message_leaves_no_gap()
    {
        var start = await Router.HeadAsync(Alice);
        var ids = await PublishAsync("a", "b");

        (await Router.HeadAsync(Alice, known: start)).Should().Be(ids[1]);
    }

    [Fact]
    public async Task What_stood_in_an_earlier_log_leaves_no_gap()
    {
        var ids = await PublishAsync("a");
        await redis.Redis.Server.FlushAllDatabasesAsync();
        var head = await Router.HeadAsync(Alice);

        (await Router.HeadAsync(Alice, known: ids[0])).Should().Be(head);
    }

    /// <summary>Publishes a message that a failover then loses.</summary>
    private async Task<Cursor> LoseAsync()
    {
        IReadOnlyList<Cursor> lost = [];
        await redis.FailOverWithoutAsync(async () => lost = await PublishAsync("lost"));
        return lost[0];
    }
}
