using RealtimeHub.Routing;
using StackExchange.Redis;

namespace RealtimeHub.Tests.Routing;

/// <summary>What a log takes of Redis's memory, and for how long.</summary>
public sealed class RedisMemoryTests(RedisRouting redis) : RouterTests(redis, ("Routing:MaxMessages", "20")), IClassFixture<RedisRouting>
{
    private const string Log = "hub:{user%3Aalice}:log";
    private const string Head = "hub:{user%3Aalice}:head";

    private static readonly TimeSpan LogLife = TimeSpan.FromDays(7);
    private static readonly TimeSpan HeadLife = TimeSpan.FromDays(37);

    private IDatabase Database => redis.Redis.Database;

    [Fact]
    public async Task Nothing_of_an_address_stays_for_ever_when_its_connections_are_gone()
    {
        await Router.AttachAsync(Alice, "connection");
        await Router.PublishAsync(To(Alice, "a") with { IdempotencyKey = "key" });
        await Router.DetachAsync(Alice, "connection");

        var lives = redis.Redis.Server.Keys(pattern: "hub:{*").ToDictionary(key => key.ToString(), key => Database.KeyTimeToLive(key));

        lives.Keys.Should().BeEquivalentTo(Log, Head, "hub:{user%3Aalice}:published:key");
        lives[Log].Should().BeCloseTo(1.25 * LogLife, TimeSpan.FromMinutes(1));
        lives[Head].Should().BeCloseTo(1.25 * HeadLife, TimeSpan.FromMinutes(1));
        lives["hub:{user%3Aalice}:published:key"].Should().BeCloseTo(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(24)]
    [InlineData(41)]
    [InlineData(43)]
    [InlineData(167)]
    [InlineData(169)]
    [InlineData(24 * 9)]
    [InlineData(24 * 36)]
    [InlineData(24 * 50)]
    public async Task However_rare_messages_are_log_and_head_live_for_as_long_as_promised_after_each_and_at_most_a_quarter_longer(int hours)
    {
        for (var number = 0; number < 4; number++)
        {
            await ShouldLiveAfterAsync(() => PublishAsync($"{number}"), LogLife, HeadLife);
            await AdvanceAsync(TimeSpan.FromHours(hours));
        }
    }

    [Fact]
    public async Task Logs_that_live_for_a_second_live_for_a_second_after_each_message()
    {
        await using var brief = await redis.OpenOneMoreAsync(("Routing:MaxAge", "00:00:01"));

        for (var number = 0; number < 20; number++)
        {
            await ShouldLiveAfterAsync(
                () => brief.Router.PublishAsync(To(Alice, "a")), TimeSpan.FromSeconds(1), TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task A_log_that_was_lost_without_its_head_does_not_live_for_ever_when_it_begins_anew()
    {
        await PublishAsync("a");
        await Database.KeyDeleteAsync(Log);

        await ShouldLiveAfterAsync(() => PublishAsync("b"), LogLife, HeadLife);
    }

    [Fact]
    public async Task A_log_that_begins_with_a_gap_does_not_live_for_ever_and_lives_as_promised_after_its_first_message()
    {
        await Router.HeadAsync(Alice);
        IReadOnlyList<Cursor> lost = [];
        await redis.FailOverWithoutAsync(async () => lost = await PublishAsync("lost"));

        await Router.HeadAsync(Alice, known: lost[0]);

        (await Database.KeyTimeToLiveAsync(Log)).Should().BePositive();
        await ShouldLiveAfterAsync(() => PublishAsync("a"), LogLife, HeadLife);
    }

    [Fact]
    public async Task While_messages_are_frequent_no_life_is_renewed()
    {
        await PublishAsync("a");
        await redis.Redis.ResetCommandCallsAsync();

        await PublishAsync("b", "c");
        await Router.HeadAsync(Alice);
        await RetainedAsync(Alice);

        (await redis.Redis.CommandCallsAsync()).Keys.Should().NotContain("pexpire");
    }

    [Fact]
    public async Task What_is_too_many_goes_with_the_next_publish()
    {
        await PublishAsync([.. Enumerable.Range(0, 21).Select(number => $"{number}")]);

        (await Database.StreamLengthAsync(Log)).Should().Be(20);
    }

    [Fact]
    public async Task What_is_too_old_goes_within_sixteen_publishes()
    {
        await PublishAsync("a", "b");
        await AdvanceAsync(TimeSpan.FromDays(4));
        await PublishAsync("c");
        await AdvanceAsync(TimeSpan.FromDays(4));

        await PublishAsync([.. Enumerable.Range(0, 16).Select(number => $"{number}")]);

        (await Database.StreamLengthAsync(Log)).Should().Be(17);
    }

    private async Task ShouldLiveAfterAsync(Func<Task> step, TimeSpan logLife, TimeSpan headLife)
    {
        var before = await redis.Redis.Server.TimeAsync();
        await step();
        var after = await redis.Redis.Server.TimeAsync();

        (await Database.KeyExpireTimeAsync(Log)).Should().BeOnOrAfter(before + logLife).And.BeOnOrBefore(after + (1.25 * logLife));
        (await Database.KeyExpireTimeAsync(Head)).Should().BeOnOrAfter(before + headLife).And.BeOnOrBefore(after + (1.25 * headLife));
    }
}
