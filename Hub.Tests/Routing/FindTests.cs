using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>What has become of one message in the log of its address.</summary>
public abstract class FindTests(RoutingMode mode) : RouterTests(mode, ("Routing:MaxAge", "01:00:00"), ("Routing:MaxMessages", "3"))
{
    [Fact]
    public async Task A_message_that_is_there_is_found_with_what_was_published_and_when()
    {
        var ids = await PublishAsync("a", "b");
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        var last = (await PublishAsync("c"))[0];

        var (found, later) = (await Router.FindAsync(Alice, ids[1]), await Router.FindAsync(Alice, last));

        (found.State, TextOf(found.Message!.Value), found.Message.Value.After, found.TimeToLive).Should()
            .Be((LogEntryState.Stored, "b", ids[0], null));
        (later.PublishedAt - found.PublishedAt).Should().BeCloseTo(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_message_whose_time_to_live_is_over_is_found_as_that()
    {
        var id = await Router.PublishAsync(To(Alice, "a") with { TimeToLive = TimeSpan.FromMinutes(1) });
        (await Router.FindAsync(Alice, id)).Should().Match<LogEntry>(
            entry => entry.State == LogEntryState.Stored && entry.TimeToLive == TimeSpan.FromMinutes(1));

        await AdvanceAsync(TimeSpan.FromMinutes(1));

        (await Router.FindAsync(Alice, id)).State.Should().Be(LogEntryState.Expired);
    }

    [Fact]
    public async Task A_message_is_found_with_the_backend_that_has_published_it()
    {
        var ids = await PublishAsync("by code of the host");
        var key = To(Alice, "a") with { Publisher = Uri.EscapeDataString("api/shop\nttl 1"), TimeToLive = TimeSpan.FromMinutes(1) };
        var id = await Router.PublishAsync(key with { IdempotencyKey = "1", Fingerprint = "f" });

        (await Router.FindAsync(Alice, id)).Should().Match<LogEntry>(
            entry => entry.Publisher == "api/shop\nttl 1" && entry.TimeToLive == TimeSpan.FromMinutes(1));
        (await Router.TailAsync(Alice, 2)).Newest.Select(entry => entry.Publisher).Should().Equal("api/shop\nttl 1", null);
        (await Router.FindAsync(Alice, ids[0])).Publisher.Should().BeNull();
    }

    [Fact]
    public async Task A_message_that_has_made_room_was_trimmed()
    {
        var ids = await PublishAsync("a", "b", "c", "d", "e", "f");

        (await Router.FindAsync(Alice, ids[0])).State.Should().Be(LogEntryState.Trimmed);
        (await Router.FindAsync(Alice, ids[5])).State.Should().Be(LogEntryState.Stored);
    }

    [Fact]
    public async Task What_was_never_published_is_unknown_and_to_ask_for_it_changes_nothing()
    {
        (await Router.FindAsync(Bob, new Cursor(7, 7))).State.Should().BeOneOf(LogEntryState.Unknown, LogEntryState.Trimmed);
        var id = (await PublishAsync("a"))[0];

        (await Router.FindAsync(Alice, id with { Tag = id.Tag + 1 })).State.Should().Be(LogEntryState.Unknown);
        (await Router.FindAsync(Alice, new Cursor(id.Offset + 1, id.Tag))).State.Should().Be(LogEntryState.Unknown);
        (await Router.FindAsync(Alice, id)).State.Should().Be(LogEntryState.Stored);
    }

    public sealed class InMemory() : FindTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : FindTests(redis), IClassFixture<RedisRouting>
    {
        private readonly RedisRouting _redis = redis;

        [Fact]
        public async Task A_message_that_Redis_has_lost_in_a_failover_is_found_as_lost()
        {
            await PublishAsync("a");
            Cursor? lost = null;
            await _redis.FailOverWithoutAsync(async () => lost = (await PublishAsync("b"))[0]);
            await Router.HeadAsync(Alice, known: lost);

            (await Router.FindAsync(Alice, lost!.Value)).State.Should().Be(LogEntryState.Lost);
        }
    }
}
