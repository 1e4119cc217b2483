using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>Who is refused in the step that would attach him.</summary>
public abstract class EpochTests(RoutingMode mode) : RouterTests(mode)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private protected IEpochs Epochs => Node.Services.GetRequiredService<IEpochs>();

    private static ConnectionDetails MintedIn(long epoch, string? session = null) =>
        new() { Since = DateTimeOffset.UnixEpoch, Transport = "WebSockets", Epoch = epoch, Session = session };

    [Fact]
    public async Task A_user_of_whom_nothing_was_ended_has_no_epoch_and_is_attached()
    {
        (await Epochs.LastAsync(Alice)).Should().Be(0);
        (await AttachAsync(Alice, MintedIn(0))).Outcome.Should().Be(AttachOutcome.Attached);
    }

    [Fact]
    public async Task What_was_minted_in_an_older_epoch_is_refused_and_not_in_the_directory()
    {
        var before = await Epochs.LastAsync(Alice);
        var epoch = await Epochs.RaiseAsync(Alice);

        (await AttachAsync(Alice, MintedIn(before))).Outcome.Should().Be(AttachOutcome.Ended);
        (await AttachAsync(Alice, MintedIn(epoch - 1))).Outcome.Should().Be(AttachOutcome.Ended);
        (await Directory.ConnectionsOfAsync([Alice])).Single().Should().BeEmpty();

        (await Epochs.LastAsync(Alice)).Should().Be(epoch);
        (await AttachAsync(Alice, MintedIn(epoch))).Outcome.Should().Be(AttachOutcome.Attached);
        (await AttachAsync(Bob, MintedIn(0))).Outcome.Should().Be(AttachOutcome.Attached);
    }

    [Fact]
    public async Task What_says_no_epoch_counts_as_minted_before_there_was_any()
    {
        await Epochs.RaiseAsync(Alice);

        (await Router.AttachAsync(Alice, "c")).Outcome.Should().Be(AttachOutcome.Ended);
    }

    [Fact]
    public async Task Of_a_session_only_what_was_minted_in_it_is_refused()
    {
        var epoch = await Epochs.RaiseAsync(Alice, "s1");

        (await AttachAsync(Alice, MintedIn(0, "s1"))).Outcome.Should().Be(AttachOutcome.Ended);
        (await AttachAsync(Alice, MintedIn(0, "s2"))).Outcome.Should().Be(AttachOutcome.Attached);
        (await AttachAsync(Alice, MintedIn(0))).Outcome.Should().Be(AttachOutcome.Attached);
        (await AttachAsync(Alice, MintedIn(epoch, "s1"))).Outcome.Should().Be(AttachOutcome.Attached);
    }

    [Fact]
    public async Task Each_epoch_is_above_all_before_it_whatever_was_ended()
    {
        long[] epochs =
        [
            await Epochs.RaiseAsync(Alice), await Epochs.RaiseAsync(Alice, "s1"), await Epochs.RaiseAsync(Alice),
            await Epochs.RaiseAsync(Alice, "s2"), await Epochs.RaiseAsync(Alice, "s1"),
        ];

        epochs.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        (await Epochs.LastAsync(Alice)).Should().Be(epochs[^1]);
    }

    [Fact]
    public async Task Who_is_banned_is_refused_with_whatever_token_until_the_time_has_come()
    {
        await Epochs.BanAsync(Alice, await NowAsync() + (2 * Hour), "Spam.");

        (await AttachAsync(Alice, MintedIn(await Epochs.LastAsync(Alice)))).Should()
            .Be(new AttachResult(AttachOutcome.Banned, Text: "Spam."));
        (await AttachAsync(Bob, MintedIn(0))).Outcome.Should().Be(AttachOutcome.Attached);
        (await Directory.ConnectionsOfAsync([Alice])).Single().Should().BeEmpty();

        await AdvanceAsync(1.9 * Hour);
        (await AttachAsync(Alice, MintedIn(long.MaxValue))).Outcome.Should().Be(AttachOutcome.Banned);
        await AdvanceAsync(0.2 * Hour);
        (await AttachAsync(Alice, MintedIn(long.MaxValue))).Outcome.Should().Be(AttachOutcome.Attached);
    }

    [Fact]
    public async Task A_ban_takes_the_place_of_the_one_before_and_ends_when_it_is_lifted_but_revives_nothing()
    {
        await Epochs.BanAsync(Alice, await NowAsync() + (9 * Hour), "Spam.");
        await Epochs.BanAsync(Alice, await NowAsync() + Hour);
        (await AttachAsync(Alice, MintedIn(0))).Should().Be(new AttachResult(AttachOutcome.Banned));

        await Epochs.UnbanAsync(Alice);

        (await AttachAsync(Alice, MintedIn(0))).Outcome.Should().Be(AttachOutcome.Ended);
        (await AttachAsync(Alice, MintedIn(await Epochs.LastAsync(Alice)))).Outcome.Should().Be(AttachOutcome.Attached);
    }

    [Fact]
    public async Task To_lift_a_ban_that_there_is_not_changes_nothing()
    {
        await Epochs.UnbanAsync(Alice);

        (await AttachAsync(Alice, MintedIn(0))).Outcome.Should().Be(AttachOutcome.Attached);
    }

    [Fact]
    public async Task An_epoch_is_kept_for_an_hour_after_the_last_end()
    {
        await Epochs.RaiseAsync(Alice, "s1");
        await AdvanceAsync(0.9 * Hour);
        await Epochs.RaiseAsync(Alice, "s2");
        await AdvanceAsync(0.9 * Hour);

        (await AttachAsync(Alice, MintedIn(0, "s2"))).Outcome.Should().Be(AttachOutcome.Ended);
        await AdvanceAsync(0.2 * Hour);
        await Epochs.RaiseAsync(Bob);
        (await Epochs.LastAsync(Alice)).Should().Be(0);
    }

    [Fact]
    public async Task Whoever_attaches_while_connections_are_ended_is_listed_or_refused()
    {
        for (var round = 0; round < 100; round++)
        {
            var user = Address.User($"user {round}");
            var minted = MintedIn(await Epochs.LastAsync(user));
            var attaching = Task.Run(() => Router.AttachAsync(user, "c", known: null, minted));
            var ending = Task.Run(async () =>
            {
                await Epochs.RaiseAsync(user);
                return (await Directory.ConnectionsOfAsync([user])).Single();
            });

            (await ending).Count.Should().Be((await attaching).IsAttached ? 1 : 0, $"round {round}");
        }
    }

    private protected abstract Task<DateTimeOffset> NowAsync();

    private Task<AttachResult> AttachAsync(Address user, ConnectionDetails details) =>
        WithoutHeadAsync(Router.AttachAsync(user, Guid.NewGuid().ToString("N"), known: null, details));

    private static async Task<AttachResult> WithoutHeadAsync(Task<AttachResult> attaching) => await attaching with { Head = default };

    public sealed class InMemory() : EpochTests(new InMemoryRouting())
    {
        private protected override Task<DateTimeOffset> NowAsync() =>
            Task.FromResult(Node.Services.GetRequiredService<TimeProvider>().GetUtcNow());
    }

    public sealed class OnRedis(RedisRouting redis) : EpochTests(redis), IClassFixture<RedisRouting>
    {
        private const string Key = "hub:{user%3Aalice}:epoch";

        private readonly RedisRouting _redis = redis;

        private protected override async Task<DateTimeOffset> NowAsync() => await _redis.Redis.Server.TimeAsync();

        [Fact]
        public async Task It_is_one_hash_in_the_slot_of_the_user_and_dies_by_itself()
        {
            var epoch = await Epochs.RaiseAsync(Alice);
            await Epochs.RaiseAsync(Alice, "s 1");

            var fields = (await _redis.Redis.Database.HashGetAllAsync(Key))
                .ToDictionary(field => $"{field.Name}", field => (long)field.Value);

            fields.Should().ContainKeys("user", "session:s 1", "last").And.HaveCount(3);
            fields["user"].Should().Be(epoch);
            fields["last"].Should().Be(fields["session:s 1"]).And.BeGreaterThan(epoch);
            (await _redis.Redis.Database.KeyTimeToLiveAsync(Key)).Should().BeCloseTo(Hour, TimeSpan.FromMinutes(1));
        }

        [Fact]
        public async Task A_ban_that_is_longer_than_an_hour_keeps_it_as_long_and_a_later_end_does_not_shorten_that()
        {
            await Epochs.BanAsync(Alice, await NowAsync() + (5 * Hour));
            await Epochs.RaiseAsync(Alice);

            (await _redis.Redis.Database.KeyTimeToLiveAsync(Key)).Should().BeCloseTo(5 * Hour, TimeSpan.FromMinutes(1));
            await Epochs.BanAsync(Bob, DateTimeOffset.MaxValue);
            (await AttachAsync(Bob, MintedIn(long.MaxValue))).Outcome.Should().Be(AttachOutcome.Banned);
        }

        [Fact]
        public async Task Sessions_that_were_ended_longer_than_an_hour_ago_are_let_go_of()
        {
            await Epochs.RaiseAsync(Alice, "old");
            await AdvanceAsync(0.6 * Hour);
            await Epochs.RaiseAsync(Alice, "newer");
            await AdvanceAsync(0.6 * Hour);

            await Epochs.RaiseAsync(Alice, "newest");

            (await _redis.Redis.Database.HashKeysAsync(Key)).Select(field => $"{field}").Should()
                .BeEquivalentTo("last", "session:newer", "session:newest");
        }

        [Fact]
        public async Task A_clock_that_has_stepped_back_gives_no_epoch_twice()
        {
            var future = (await NowAsync() + Hour).ToUnixTimeMilliseconds();
            await _redis.Redis.Database.HashSetAsync(Key, "last", future);

            (await Epochs.RaiseAsync(Alice)).Should().Be(future + 1);
        }

        [Fact]
        public async Task Nodes_compare_the_same_epoch()
        {
            await using var second = await _redis.OpenOneMoreAsync();
            await Epochs.RaiseAsync(Alice);

            (await second.Router.AttachAsync(Alice, "c", known: null, MintedIn(0))).Outcome.Should().Be(AttachOutcome.Ended);
        }
    }
}
