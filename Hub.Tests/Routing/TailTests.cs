using System.Text;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>What an operator sees of the end of a log.</summary>
public abstract class TailTests(RoutingMode mode) : RouterTests(mode, ("Routing:MaxAge", "01:00:00"), ("Routing:MaxMessages", "100"))
{
    [Fact]
    public async Task The_newest_messages_are_shown_the_last_first_and_no_more_than_were_asked_for()
    {
        var ids = await PublishAsync("first", "second", "third");

        var tail = await Router.TailAsync(Alice, 2);

        tail.Newest.Select(entry => (entry.Id, entry.Bytes, Encoding.UTF8.GetString(entry.Opening.Span))).Should()
            .Equal((ids[2], 5, "third"), (ids[1], 6, "second"));
        (await Router.TailAsync(Alice, 200)).Newest.Should().HaveCount(3);
    }

    [Fact]
    public async Task Each_is_shown_with_when_it_was_published_and_for_how_long_it_may_be_delivered()
    {
        await Router.PublishAsync(To(Alice, "a") with { TimeToLive = TimeSpan.FromSeconds(90) });
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        await PublishAsync("b");

        var newest = (await Router.TailAsync(Alice, 50)).Newest;

        newest.Select(entry => entry.TimeToLive).Should().Equal(null, TimeSpan.FromSeconds(90));
        (newest[0].PublishedAt - newest[1].PublishedAt).Should().BeCloseTo(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task It_is_counted_how_many_were_published_in_the_last_minute_and_in_the_last_fifteen()
    {
        await PublishAsync("old", "old");
        await AdvanceAsync(TimeSpan.FromMinutes(20));
        await PublishAsync("later", "later", "later");
        await AdvanceAsync(TimeSpan.FromMinutes(5));
        await PublishAsync("now");

        var tail = await Router.TailAsync(Alice, 1);

        (tail.LastMinute, tail.LastFifteenMinutes).Should().Be((1, 4));
    }

    [Fact]
    public async Task Only_what_the_log_still_has_is_counted()
    {
        await PublishAsync([.. Enumerable.Range(0, 130).Select(number => $"{number}")]);

        var tail = await Router.TailAsync(Alice, 200);

        (tail.LastMinute, tail.LastFifteenMinutes, tail.Newest.Count).Should().Be((100, 100, 100));
    }

    [Fact]
    public async Task Of_a_long_message_only_the_beginning_is_looked_at()
    {
        await PublishAsync(new string('x', 60_000));

        var only = (await Router.TailAsync(Alice, 50)).Newest.Single();

        (only.Bytes, only.Opening.Length).Should().Be((60_000, TailEntry.MaxOpening));
    }

    [Fact]
    public async Task What_is_too_old_is_not_shown()
    {
        await PublishAsync("old");
        await AdvanceAsync(TimeSpan.FromHours(1));

        (await Router.TailAsync(Alice, 50)).Should().BeEquivalentTo(new LogTail(0, 0, []));
    }

    [Fact]
    public async Task An_address_to_which_nothing_was_published_has_an_empty_end()
    {
        foreach (var address in (Address[])[Bob, Address.Group("room1"), Address.Everyone])
        {
            (await Router.TailAsync(address, 50)).Should().BeEquivalentTo(new LogTail(0, 0, []));
        }
    }

    public sealed class InMemory() : TailTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : TailTests(redis), IClassFixture<RedisRouting>
    {
        private readonly RedisRouting _redis = redis;

        [Fact]
        public async Task To_look_is_one_script_and_changes_nothing()
        {
            await PublishAsync("a", "b");
            await Router.TailAsync(Alice, 50);
            await _redis.Redis.ResetCommandCallsAsync();

            await Router.TailAsync(Alice, 50);

            (await _redis.Redis.CommandCallsAsync()).Keys.Should().BeSubsetOf(["evalsha", "xrevrange", "xrange", "time"]);
        }

        [Fact]
        public async Task The_place_of_what_Redis_has_lost_is_no_message()
        {
            var kept = (await PublishAsync("a"))[0];
            Cursor? lost = null;
            await _redis.FailOverWithoutAsync(async () => lost = (await PublishAsync("b"))[0]);
            await Router.HeadAsync(Alice, known: lost);

            (await Router.TailAsync(Alice, 50)).Newest.Select(entry => entry.Id).Should().Equal(kept);
        }
    }
}
