using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Routing;
using StackExchange.Redis;

namespace RealtimeHub.Tests.Routing;

/// <summary>The groups that users are in by whatever connection they come.</summary>
public abstract class LastingGroupsTests(RoutingMode mode) : RouterTests(mode)
{
    private static readonly Address Room = Address.Group("room");
    private static readonly Address Trial = Address.Group("trial");

    private protected ILastingGroups Groups => Node.Services.GetRequiredService<ILastingGroups>();

    [Fact]
    public async Task A_user_is_in_a_group_until_he_is_taken_out_and_nobody_else_is()
    {
        await Groups.AddAsync(Alice, new LastingGroup(Trial, Until: null));
        await Groups.AddAsync(Alice, new LastingGroup(Room, Until: null));

        (await Groups.OfAsync(Alice)).Should().Equal(new LastingGroup(Room, Until: null), new LastingGroup(Trial, Until: null));
        (await Groups.OfAsync(Bob)).Should().BeEmpty();

        await Groups.RemoveAsync(Alice, Trial);
        await Groups.RemoveAsync(Alice, Trial);
        (await Groups.OfAsync(Alice)).Should().Equal(new LastingGroup(Room, Until: null));
    }

    [Fact]
    public async Task What_has_an_end_is_over_when_its_time_has_come_and_the_last_end_that_is_said_counts()
    {
        var now = await NowAsync();
        await Groups.AddAsync(Alice, new LastingGroup(Room, now.AddHours(3)));
        await Groups.AddAsync(Alice, new LastingGroup(Room, now.AddHours(1)));
        await Groups.AddAsync(Alice, new LastingGroup(Trial, now.AddHours(2)));

        await AdvanceAsync(TimeSpan.FromHours(0.9));
        (await Groups.OfAsync(Alice)).Select(lasting => lasting.Group).Should().Equal(Room, Trial);
        await AdvanceAsync(TimeSpan.FromHours(0.2));
        (await Groups.OfAsync(Alice)).Should().ContainSingle().Which.Group.Should().Be(Trial);
        (await AttachAsync(Alice)).Lasting.Should().ContainSingle().Which.Group.Should().Be(Trial);
        await AdvanceAsync(TimeSpan.FromHours(1));
        (await Groups.OfAsync(Alice)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_time_is_kept_to_the_millisecond()
    {
        var until = DateTimeOffset.FromUnixTimeMilliseconds(4_073_544_000_123);

        await Groups.AddAsync(Alice, new LastingGroup(Room, until));

        (await Groups.OfAsync(Alice)).Should().Equal(new LastingGroup(Room, until));
    }

    [Fact]
    public async Task Whoever_attaches_as_the_user_is_told_his_groups()
    {
        await Groups.AddAsync(Alice, new LastingGroup(Room, Until: null));

        (await AttachAsync(Alice)).Lasting.Should().Equal(new LastingGroup(Room, Until: null));
        ((await AttachAsync(Bob)).Lasting ?? []).Should().BeEmpty();
        ((await Router.AttachAsync(Room, "c")).Lasting ?? []).Should().BeEmpty();
    }

    [Fact]
    public async Task A_user_may_be_in_a_thousand_groups_and_those_that_are_over_do_not_count()
    {
        var soon = (await NowAsync()).AddHours(1);
        for (var number = 0; number < ILastingGroups.MaxGroups; number++)
        {
            (await Groups.AddAsync(Alice, new LastingGroup(Address.Group($"group {number}"), number == 7 ? soon : null))).Should().BeTrue();
        }

        (await Groups.AddAsync(Alice, new LastingGroup(Room, Until: null))).Should().BeFalse();
        (await Groups.AddAsync(Alice, new LastingGroup(Address.Group("group 3"), Until: null))).Should().BeTrue("he is in it");
        (await AttachAsync(Alice)).Lasting.Should().HaveCount(ILastingGroups.MaxGroups);
        await AdvanceAsync(TimeSpan.FromHours(1.1));
        (await Groups.AddAsync(Alice, new LastingGroup(Room, Until: null))).Should().BeTrue();
    }

    [Fact]
    public async Task Whoever_attaches_while_the_groups_change_knows_the_change_or_is_listed_for_whom_has_changed_them()
    {
        for (var round = 0; round < 100; round++)
        {
            var user = Address.User($"user {round}");
            var attaching = Task.Run(() => AttachAsync(user));
            var changing = Task.Run(async () =>
            {
                await Groups.AddAsync(user, new LastingGroup(Room, Until: null));
                return (await Directory.ConnectionsOfAsync([user])).Single();
            });

            (((await attaching).Lasting ?? []).Count + (await changing).Count).Should().BePositive($"round {round}");
        }
    }

    private protected abstract Task<DateTimeOffset> NowAsync();

    private Task<AttachResult> AttachAsync(Address user) => Router.AttachAsync(user, Guid.NewGuid().ToString("N"));

    public sealed class InMemory() : LastingGroupsTests(new InMemoryRouting())
    {
        private protected override Task<DateTimeOffset> NowAsync() =>
            Task.FromResult(Node.Services.GetRequiredService<TimeProvider>().GetUtcNow());
    }

    public sealed class OnRedis(RedisRouting redis) : LastingGroupsTests(redis), IClassFixture<RedisRouting>
    {
        private const string Key = "hub:{user%3Aalice}:groups";

        private readonly RedisRouting _redis = redis;

        private IDatabase Database => _redis.Redis.Database;

        private protected override async Task<DateTimeOffset> NowAsync() => await _redis.Redis.Server.TimeAsync();

        [Fact]
        public async Task They_are_a_hash_in_the_slot_of_the_user_that_goes_with_its_last_end_if_each_has_one()
        {
            var now = await NowAsync();
            await Groups.AddAsync(Alice, new LastingGroup(Room, now.AddHours(5)));
            await Groups.AddAsync(Alice, new LastingGroup(Trial, now.AddHours(2)));
            (await Database.KeyTimeToLiveAsync(Key)).Should().BeCloseTo(TimeSpan.FromHours(5), TimeSpan.FromMinutes(1));

            await Groups.RemoveAsync(Alice, Room);
            (await Database.KeyTimeToLiveAsync(Key)).Should().BeCloseTo(TimeSpan.FromHours(2), TimeSpan.FromMinutes(1));

            await Groups.AddAsync(Alice, new LastingGroup(Room, Until: null));
            (await Database.KeyTimeToLiveAsync(Key)).Should().BeNull();
            (await Database.HashGetAllAsync(Key)).Select(field => $"{field.Name}: {field.Value}").Should()
                .BeEquivalentTo("room: 1 -", $"trial: 1 {now.AddHours(2).ToUnixTimeMilliseconds()}");
        }

        [Fact]
        public async Task What_is_of_another_version_or_no_name_is_passed_over_and_stays()
        {
            await Database.HashSetAsync(Key, [new("new", "2 whatever"), new("", "1 -"), new("odd", "1 soon"), new("room", "1.7 -\nsince 1")]);

            (await Groups.OfAsync(Alice)).Should().Equal(new LastingGroup(Room, Until: null));
            await Groups.AddAsync(Alice, new LastingGroup(Trial, Until: null));
            (await Database.HashLengthAsync(Key)).Should().Be(5);
        }
    }
}
