using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>Many attachments are looked at together, and only those that changed are named.</summary>
public abstract class FindChangedTests(RoutingMode mode) : RouterTests(mode)
{
    private protected static readonly Address Room = Address.Group("room");

    [Fact]
    public async Task What_is_attached_as_the_node_knows_it_has_not_changed()
    {
        var known = await AttachAsync((Alice, "a"), (Alice, "b"), (Room, "a"), (Address.Everyone, "nameless"));

        (await Router.FindChangedAsync([.. known, known[3] with { ConnectionId = null }])).Should().BeEmpty();
        (await Router.FindChangedAsync([])).Should().BeEmpty();
    }

    [Fact]
    public async Task An_address_whose_log_has_moved_on_has_changed_and_no_other()
    {
        var known = await AttachAsync((Alice, "a"), (Bob, "b"), (Room, "a"), (Address.Everyone, "nameless"));

        await PublishAsync("missed");
        await Router.PublishAsync(To(Address.Everyone, "missed"));

        (await Router.FindChangedAsync(known)).Should().HaveCount(2).And.Contain([Alice, Address.Everyone]);
    }

    [Fact]
    public async Task Of_what_is_not_attached_only_the_head_is_looked_at()
    {
        var known = await AttachAsync((Alice, "a"), (Room, "a"));
        await Router.DetachAsync(Alice, "a");
        await Router.DetachAsync(Room, "a");

        Attachment[] heads = [.. known.Select(attachment => attachment with { ConnectionId = null })];

        (await Router.FindChangedAsync(heads)).Should().BeEmpty();
        await PublishAsync("missed");
        (await Router.FindChangedAsync(heads)).Should().Equal(Alice);
    }

    private protected async Task<IReadOnlyList<Attachment>> AttachAsync(params (Address Address, string ConnectionId)[] entered)
    {
        var known = new List<Attachment>();
        foreach (var (address, connectionId) in entered)
        {
            known.Add(new Attachment(address, connectionId, (await Router.AttachAsync(address, connectionId)).Head));
        }

        return known;
    }

    public sealed class InMemory() : FindChangedTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : FindChangedTests(redis), IClassFixture<RedisRouting>
    {
        private readonly RedisRouting _redis = redis;

        [Fact]
        public async Task What_is_known_of_a_connection_is_no_change_and_the_place_of_another_node_with_a_like_name_is_one()
        {
            var details = new ConnectionDetails { Since = DateTimeOffset.UnixEpoch, Transport = "WebSockets" };
            var head = (await Router.AttachAsync(Alice, "a", known: null, details)).Head;
            Attachment[] known = [new(Alice, "a", head)];

            (await Router.FindChangedAsync(known)).Should().BeEmpty();
            await _redis.Redis.Database.HashSetAsync("hub:{user%3Aalice}:connections", "a", $"1 {Node.Id}7\nsince 0");
            (await Router.FindChangedAsync(known)).Should().Equal(Alice);
        }

        [Theory]
        [InlineData("hub:{user%3Aalice}:head")]
        [InlineData("hub:{user%3Aalice}:connections")]
        public async Task An_address_of_which_Redis_has_lost_something_has_changed(string lost)
        {
            var known = await AttachAsync((Alice, "a"), (Bob, "b"), (Room, "a"));

            await _redis.Redis.Database.KeyDeleteAsync(lost);

            (await Router.FindChangedAsync(known)).Should().Equal(Alice);
        }

        [Fact]
        public async Task A_group_of_which_the_directory_has_lost_the_node_has_changed()
        {
            var known = await AttachAsync((Alice, "a"), (Room, "a"));

            await _redis.Redis.Database.KeyDeleteAsync("hub:{group%3Aroom}:nodes");

            (await Router.FindChangedAsync(known)).Should().Equal(Room);
        }

        [Fact]
        public async Task Of_a_user_with_two_connections_one_that_is_lost_is_noticed()
        {
            var known = await AttachAsync((Alice, "a"), (Alice, "b"), (Bob, "c"));

            await _redis.Redis.Database.HashDeleteAsync("hub:{user%3Aalice}:connections", "a");

            (await Router.FindChangedAsync(known)).Should().Equal(Alice);
        }

        [Fact]
        public async Task What_another_node_has_entered_in_the_place_of_this_one_has_changed()
        {
            var known = await AttachAsync((Alice, "a"), (Bob, "b"));

            await _redis.Redis.Database.HashSetAsync("hub:{user%3Aalice}:connections", "a", "1 another");

            (await Router.FindChangedAsync(known)).Should().Equal(Alice);
        }

        [Fact]
        public async Task What_is_not_noted_for_whoever_sweeps_this_node_has_changed()
        {
            var known = await AttachAsync((Alice, "a"), (Room, "a"), (Address.Everyone, "nameless"), (Bob, "b"));

            await _redis.Redis.Database.HashDeleteAsync($"hub:node:{Node.Id}:attached", ["a", "group:room", "nameless"]);

            (await Router.FindChangedAsync(known)).Should().HaveCount(3).And.Contain([Alice, Room, Address.Everyone]);
        }

        [Fact]
        public async Task A_head_that_lives_for_less_than_promised_has_changed_so_that_an_idle_user_s_is_renewed()
        {
            var known = await AttachAsync((Alice, "a"));
            await AdvanceAsync(TimeSpan.FromDays(9));
            (await Router.FindChangedAsync(known)).Should().BeEmpty();

            await AdvanceAsync(TimeSpan.FromDays(1));

            (await Router.FindChangedAsync(known)).Should().Equal(Alice);
            await AttachAsync((Alice, "a"));
            (await Router.FindChangedAsync(known)).Should().BeEmpty();
        }

        [Fact]
        public async Task Six_hundred_are_looked_at_by_three_scripts_that_write_nothing()
        {
            var known = await AttachAsync([.. Enumerable.Range(0, 600).Select(number => (Address.User($"{number}"), $"{number}"))]);
            await Router.FindChangedAsync(known);
            await _redis.Redis.ResetCommandCallsAsync();

            (await Router.FindChangedAsync(known)).Should().BeEmpty();

            var calls = await _redis.Redis.CommandCallsAsync();
            calls["evalsha"].Should().Be(3);
            calls.Keys.Should().BeEquivalentTo("evalsha", "hget", "pttl");
        }
    }
}
