using StackExchange.Redis;

namespace RealtimeHub.Tests.Routing;

/// <summary>What a log takes of Redis's memory, and for how long.</summary>
public sealed class RedisMemoryTests(RedisRouting redis) : RouterTests(redis, ("Routing:MaxMessages", "20")), IClassFixture<RedisRouting>
{
    private IDatabase Database => redis.Redis.Database;

    [Fact]
    public async Task Nothing_of_an_address_stays_for_ever_when_its_connections_are_gone()
    {
        await Router.AttachAsync(Alice, "connection");
        await Router.PublishAsync(To(Alice, "a") with { IdempotencyKey = "key" });
        await Router.DetachAsync(Alice, "connection");

        var lives = redis.Redis.Server.Keys(pattern: "hub:{*").ToDictionary(key => key.ToString(), key => Database.KeyTimeToLive(key));

        lives.Keys.Should().BeEquivalentTo("hub:{user%3Aalice}:log", "hub:{user%3Aalice}:head", "hub:{user%3Aalice}:published:key");
        lives["hub:{user%3Aalice}:log"].Should().BeCloseTo(TimeSpan.FromDays(7), TimeSpan.FromMinutes(1));
        lives["hub:{user%3Aalice}:head"].Should().BeCloseTo(TimeSpan.FromDays(37), TimeSpan.FromMinutes(1));
        lives["hub:{user%3Aalice}:published:key"].Should().BeCloseTo(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task What_is_too_many_goes_with_the_next_publish()
    {
        await PublishAsync([.. Enumerable.Range(0, 21).Select(number => $"{number}")]);

        (await Database.StreamLengthAsync("hub:{user%3Aalice}:log")).Should().Be(20);
    }

    [Fact]
    public async Task What_is_too_old_goes_within_sixteen_publishes()
    {
        await PublishAsync("a", "b");
        await AdvanceAsync(TimeSpan.FromDays(4));
        await PublishAsync("c");
        await AdvanceAsync(TimeSpan.FromDays(4));

        await PublishAsync([.. Enumerable.Range(0, 16).Select(number => $"{number}")]);

        (await Database.StreamLengthAsync("hub:{user%3Aalice}:log")).Should().Be(17);
    }
}
