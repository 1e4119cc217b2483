using RealtimeHub.Routing;
using StackExchange.Redis;

namespace RealtimeHub.Tests.Routing;

/// <summary>How many connections of a user the directory takes.</summary>
public abstract class UserLimitTests(RoutingMode mode) : RouterTests(mode, ("Limits:ConnectionsPerUser", "2"))
{
    [Fact]
    public async Task The_one_beyond_the_limit_is_refused_and_not_in_the_directory()
    {
        await AttachedAsync(Alice, "a");
        await AttachedAsync(Alice, "b");

        (await Router.AttachAsync(Alice, "c")).Outcome.Should().Be(AttachOutcome.Full);

        (await Directory.ConnectionsOfAsync([Alice])).Single().Select(connection => connection.Id).Should().BeEquivalentTo("a", "b");
        await AttachedAsync(Bob, "d");
    }

    [Fact]
    public async Task Who_is_attached_again_counts_once()
    {
        await AttachedAsync(Alice, "a");
        await AttachedAsync(Alice, "b");

        await AttachedAsync(Alice, "a");
        await AttachedAsync(Alice, "b");
    }

    [Fact]
    public async Task Where_one_has_ended_another_has_room()
    {
        await AttachedAsync(Alice, "a");
        await AttachedAsync(Alice, "b");
        await Router.DetachAsync(Alice, "a");

        await AttachedAsync(Alice, "c");

        (await Router.AttachAsync(Alice, "a")).Outcome.Should().Be(AttachOutcome.Full);
    }

    [Fact]
    public async Task Of_a_hundred_at_once_as_many_are_attached_as_may_be()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => Router.AttachAsync(Alice, $"{number}")));

        outcomes.Count(result => result.IsAttached).Should().Be(2);
        (await Directory.ConnectionsOfAsync([Alice])).Single().Should().HaveCount(2);
    }

    [Fact]
    public async Task Groups_and_those_who_have_no_user_are_not_counted()
    {
        foreach (var connection in (string[])["a", "b", "c"])
        {
            await AttachedAsync(Address.Everyone, connection);
            await AttachedAsync(Address.Group("room"), connection);
        }
    }

    private async Task AttachedAsync(Address address, string connection) =>
        (await Router.AttachAsync(address, connection)).IsAttached.Should().BeTrue(connection);

    public sealed class InMemory() : UserLimitTests(new InMemoryRouting());

    public sealed class OnRedis : UserLimitTests, IClassFixture<RedisRouting>
    {
        private readonly RedisRouting _redis;

        public OnRedis(RedisRouting redis)
            : base(redis) => _redis = redis;

        [Fact]
        public async Task What_a_dead_node_has_left_does_not_count_though_it_is_not_swept()
        {
            HashEntry[] left = [new("a", "1 a-node-that-has-died\nsince 1"), new("b", "1 a-node-that-has-died"), new("c", "none of ours")];
            await _redis.Redis.Database.HashSetAsync("hub:{user%3Aalice}:connections", left);

            await AttachedAsync(Alice, "d");
            await AttachedAsync(Alice, "e");
            (await Router.AttachAsync(Alice, "f")).Outcome.Should().Be(AttachOutcome.Full);
        }
    }
}
