using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>A connection goes on by another token, as the directory sees it.</summary>
public abstract class RenewTests(RoutingMode mode) : RouterTests(mode)
{
    private static readonly ConnectionDetails First = new()
    {
        Since = DateTimeOffset.UnixEpoch.AddDays(1),
        Transport = "WebSockets",
        Client = "a client",
        Session = "s1",
        Expires = DateTimeOffset.UnixEpoch.AddDays(2),
        Labels = ["beta"],
    };

    private protected IEpochs Epochs => Node.Services.GetRequiredService<IEpochs>();

    [Fact]
    public async Task The_directory_knows_what_the_new_token_says()
    {
        await Router.AttachAsync(Alice, "c", known: null, First);
        var renewed = First with { Session = "s2", Epoch = 7, Expires = null, Labels = [] };

        (await Router.RenewAsync(Alice, "c", renewed)).Should().Be(new AttachResult(AttachOutcome.Attached));

        (await DetailsAsync()).Should().BeEquivalentTo([renewed]);
    }

    [Fact]
    public async Task A_token_of_an_older_epoch_renews_nothing_and_the_connection_stays_as_it_was()
    {
        await Router.AttachAsync(Alice, "c", known: null, First);
        var epoch = await Epochs.RaiseAsync(Alice);

        (await Router.RenewAsync(Alice, "c", First with { Epoch = epoch - 1, Labels = [] })).Outcome.Should().Be(AttachOutcome.Ended);

        (await DetailsAsync()).Should().BeEquivalentTo([First]);
        (await Router.RenewAsync(Alice, "c", First with { Epoch = epoch })).IsAttached.Should().BeTrue();
    }

    [Fact]
    public async Task A_token_of_a_session_that_was_ended_renews_no_connection_of_another()
    {
        await Router.AttachAsync(Alice, "c", known: null, First);
        await Epochs.RaiseAsync(Alice, "s2");

        (await Router.RenewAsync(Alice, "c", First with { Session = "s2" })).Outcome.Should().Be(AttachOutcome.Ended);
        (await Router.RenewAsync(Alice, "c", First)).IsAttached.Should().BeTrue();
    }

    [Fact]
    public async Task Who_is_banned_renews_nothing_with_whatever_token()
    {
        await Router.AttachAsync(Alice, "c", known: null, First);
        await Epochs.BanAsync(Alice, DateTimeOffset.MaxValue, "Spam.");

        (await Router.RenewAsync(Alice, "c", First with { Epoch = long.MaxValue })).Should()
            .Be(new AttachResult(AttachOutcome.Banned, Text: "Spam."));
    }

    [Fact]
    public async Task A_connection_that_has_gone_does_not_come_back_by_it()
    {
        await Router.AttachAsync(Alice, "c", known: null, First);
        await Router.DetachAsync(Alice, "c");

        (await Router.RenewAsync(Alice, "c", First)).IsAttached.Should().BeTrue();

        (await DetailsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Whoever_renews_while_connections_are_ended_is_listed_or_refused()
    {
        for (var round = 0; round < 100; round++)
        {
            var user = Address.User($"user {round}");
            await Router.AttachAsync(user, "c", known: null, First);
            var minted = First with { Session = "s2", Epoch = await Epochs.LastAsync(user) };
            var renewing = Task.Run(() => Router.RenewAsync(user, "c", minted));
            var ending = Task.Run(async () =>
            {
                await Epochs.RaiseAsync(user, "s2");
                return (await Directory.ConnectionsOfAsync([user])).Single().Single().Details!.Session;
            });

            (await ending).Should().Be((await renewing).IsAttached ? "s2" : "s1", $"round {round}");
        }
    }

    private async Task<IEnumerable<ConnectionDetails?>> DetailsAsync() =>
        (await Directory.ConnectionsOfAsync([Alice])).Single().Select(connection => connection.Details);

    public sealed class InMemory() : RenewTests(new InMemoryRouting());

    public sealed class OnRedis : RenewTests, IClassFixture<RedisRouting>
    {
        private const string Reconnects = "hub:{user%3Aalice}:reconnects";

        private readonly RedisRouting _redis;

        public OnRedis(RedisRouting redis)
            : base(redis) => _redis = redis;

        [Fact]
        public async Task Under_its_secret_lies_what_the_new_token_says()
        {
            await Router.AttachAsync(Alice, "c", known: null, First with { SecretHash = "hash" }, "the first"u8.ToArray());

            await Router.RenewAsync(Alice, "c", First with { SecretHash = "hash", Session = "s2" }, "the second"u8.ToArray());

            (await KeptAsync()).Should().MatchRegex("^1 c\nnode [0-9a-f]+\nsession s2\n(.+\n)+\nthe second$").And.NotContain("until");
        }

        [Fact]
        public async Task A_connection_that_has_gone_may_come_back_no_longer_than_before()
        {
            await Router.AttachAsync(Alice, "c", known: null, First with { SecretHash = "hash" }, "the first"u8.ToArray());
            await Router.DetachAsync(Alice, "c");
            var left = await _redis.Redis.Database.KeyTimeToLiveAsync(Reconnects);

            await Router.RenewAsync(Alice, "c", First with { SecretHash = "hash" }, "the second"u8.ToArray());

            (await KeptAsync()).Should().MatchRegex("^1 c\nuntil [0-9]+\nnode (.|\n)+\n\nthe second$");
            (await _redis.Redis.Database.KeyTimeToLiveAsync(Reconnects)).Should().NotBeNull().And.BeLessThanOrEqualTo(left!.Value);
        }

        [Fact]
        public async Task A_secret_that_Redis_has_lost_or_that_was_used_is_not_kept_again()
        {
            await Router.AttachAsync(Alice, "c", known: null, First);

            await Router.RenewAsync(Alice, "c", First with { SecretHash = "hash" }, "the second"u8.ToArray());

            (await KeptAsync()).Should().BeNull();
        }

        private async Task<string?> KeptAsync() => await _redis.Redis.Database.HashGetAsync(Reconnects, "hash");
    }
}
