using System.Text;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>How connections come back by their secrets. Two of a user may be there at once.</summary>
public abstract class ReconnectTests(RoutingMode mode) : RouterTests(mode, ("Limits:ConnectionsPerUser", "2"))
{
    private const string Record = """{"sub":"alice","name":"Zoë","claims":{"a":["\\n\\n"]},"epoch":0}""";

    private static readonly ConnectionDetails Known = new()
    {
        Since = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_123),
        Transport = "WebSockets",
        Client = "realtimehub-js/0.1.0",
        Session = "s 1",
        Epoch = 7,
        Expires = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000),
        Labels = ["tenant:7", "beta"],
    };

    private IReconnects Reconnects => Node.Services.GetRequiredService<IReconnects>();

    private IEpochs Epochs => Node.Services.GetRequiredService<IEpochs>();

    [Fact]
    public async Task The_new_connection_stands_in_the_place_of_the_old_one_with_all_that_its_token_says()
    {
        var head = (await PublishAsync("before"))[0];
        await AttachAsync("old", "aa");

        var back = await Reconnects.ReconnectAsync(Alice, "aa", New("new", "bb"));

        var expected = Known with { Since = New("new", "bb").Details.Since, Client = "other", SecretHash = "bb" };
        back!.Entered.Should().BeEquivalentTo(new AttachedConnection("new", Node.Id, expected));
        (back.ReplacedId, back.ReplacedNode, back.Head).Should().Be(("old", Node.Id, head));
        Encoding.UTF8.GetString(back.Record.Span).Should().Be(Record);
        (await ConnectionsAsync()).Should().BeEquivalentTo([back.Entered]);
    }

    [Fact]
    public async Task It_gets_messages_from_then_on_and_its_own_secret_is_good_in_turn()
    {
        await AttachAsync("old", "aa");
        await Reconnects.ReconnectAsync(Alice, "aa", New("new", "bb"));
        await PublishAsync("now");
        (await Node.DeliveredAsync()).Select(TextOf).Should().Equal("now");

        var again = await Reconnects.ReconnectAsync(Alice, "bb", New("newer", "cc"));

        again!.ReplacedId.Should().Be("new");
        again.Entered!.Details!.Labels.Should().Equal("tenant:7", "beta");
        Encoding.UTF8.GetString(again.Record.Span).Should().Be(Record);
    }

    [Fact]
    public async Task Of_fifty_at_once_exactly_one_comes_back()
    {
        await AttachAsync("old", "aa");

        var attempts = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            number => Task.Run(() => Reconnects.ReconnectAsync(Alice, "aa", New($"{number}", $"b{number}")))));

        attempts.Should().ContainSingle(back => back != null);
        (await ConnectionsAsync()).Should().BeEquivalentTo([attempts.OfType<Reconnected>().Single().Entered]);
    }

    [Fact]
    public async Task Who_has_gone_comes_back_within_five_minutes_and_not_later()
    {
        await AttachAsync("a", "aa");
        await AttachAsync("b", "bb");
        await Router.DetachAsync(Alice, "a");
        await Router.DetachAsync(Alice, "b");

        await AdvanceAsync(TimeSpan.FromMinutes(4.5));
        (await Reconnects.ReconnectAsync(Alice, "aa", New("c", "cc")))!.ReplacedId.Should().Be("a");
        await AdvanceAsync(TimeSpan.FromMinutes(0.6));

        (await Reconnects.ReconnectAsync(Alice, "bb", New("d", "dd"))).Should().BeNull();
    }

    [Fact]
    public async Task As_long_as_the_connection_is_open_the_secret_is_good()
    {
        await AttachAsync("a", "aa");

        await AdvanceAsync(TimeSpan.FromHours(10));

        (await Reconnects.ReconnectAsync(Alice, "aa", New("c", "cc"))).Should().NotBeNull();
    }

    [Fact]
    public async Task Who_was_taken_out_for_good_does_not_come_back()
    {
        await AttachAsync("a", "aa");
        await Router.DetachAsync(Alice, "a", isForGood: true);

        (await Reconnects.ReconnectAsync(Alice, "aa", New("c", "cc"))).Should().BeNull();
    }

    [Fact]
    public async Task A_secret_is_nobody_elses_and_an_unknown_one_opens_nothing()
    {
        await AttachAsync("a", "aa");

        (await Reconnects.ReconnectAsync(Bob, "aa", New("c", "cc"))).Should().BeNull();
        (await Reconnects.ReconnectAsync(Alice, "AA", New("c", "cc"))).Should().BeNull();
        (await Reconnects.ReconnectAsync(Alice, "a", New("c", "cc"))).Should().BeNull();
        (await Reconnects.ReconnectAsync(Alice, "aa", New("c", "cc"))).Should().NotBeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("s 1")]
    public async Task Whose_connections_were_ended_does_not_come_back(string? session)
    {
        await AttachAsync("a", "aa");
        await Epochs.RaiseAsync(Alice, session);

        (await Reconnects.ReconnectAsync(Alice, "aa", New("c", "cc"))).Should().BeNull();
        (await ConnectionsAsync()).Should().ContainSingle(connection => connection.Id == "a", "it is ended by its node");
    }

    [Fact]
    public async Task Another_session_that_was_ended_is_no_reason()
    {
        await AttachAsync("a", "aa");
        await Epochs.RaiseAsync(Alice, "s 2");

        (await Reconnects.ReconnectAsync(Alice, "aa", New("c", "cc"))).Should().NotBeNull();
    }

    [Fact]
    public async Task Who_is_banned_does_not_come_back()
    {
        await AttachAsync("a", "aa", Known with { Epoch = long.MaxValue });
        await Epochs.BanAsync(Alice, DateTimeOffset.MaxValue);

        (await Reconnects.ReconnectAsync(Alice, "aa", New("c", "cc"))).Should().BeNull();
    }

    [Fact]
    public async Task Whose_token_lets_nobody_stay_any_more_does_not_come_back()
    {
        await AttachAsync("a", "aa", Known with { Expires = DateTimeOffset.FromUnixTimeSeconds(1_000_000_000) });

        (await Reconnects.ReconnectAsync(Alice, "aa", New("c", "cc"))).Should().BeNull();
    }

    [Fact]
    public async Task Who_is_not_entered_yet_has_only_lost_the_old_connection()
    {
        await AttachAsync("a", "aa");

        var back = await Reconnects.ReconnectAsync(Alice, "aa");

        (back!.ReplacedId, back.Entered).Should().Be(("a", null));
        (await ConnectionsAsync()).Should().BeEmpty();
        (await Reconnects.ReconnectAsync(Alice, "aa")).Should().BeNull();
    }

    [Fact]
    public async Task A_connection_that_is_replaced_does_not_count_twice()
    {
        await AttachAsync("a", "aa");
        await AttachAsync("b", "bb");

        (await Reconnects.ReconnectAsync(Alice, "aa", New("c", "cc"))).Should().NotBeNull();
        (await Reconnects.ReconnectAsync(Alice, "bb", New("d", "dd"))).Should().NotBeNull();

        (await Router.AttachAsync(Alice, "e")).Outcome.Should().Be(AttachOutcome.Full);
    }

    [Fact]
    public async Task Whose_place_others_have_taken_meanwhile_comes_back_when_there_is_room()
    {
        await AttachAsync("a", "aa");
        await Router.DetachAsync(Alice, "a");
        await AttachAsync("b", "bb");
        await AttachAsync("c", "cc");

        (await Reconnects.ReconnectAsync(Alice, "aa", New("d", "dd"))).Should().BeNull();
        await Router.DetachAsync(Alice, "b");

        (await Reconnects.ReconnectAsync(Alice, "aa", New("d", "dd"))).Should().NotBeNull();
    }

    private Task<AttachResult> AttachAsync(string connection, string secret, ConnectionDetails? details = null) =>
        Router.AttachAsync(Alice, connection, known: null, (details ?? Known) with { SecretHash = secret }, Encoding.UTF8.GetBytes(Record));

    private static ReconnectingConnection New(string connection, string secret) => new(connection, new ConnectionDetails
    {
        Since = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_009_999),
        Transport = "WebSockets",
        Client = "other",
        SecretHash = secret,
    });

    private async Task<IReadOnlyList<AttachedConnection>> ConnectionsAsync() => (await Directory.ConnectionsOfAsync([Alice])).Single();

    public sealed class InMemory() : ReconnectTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : ReconnectTests(redis), IClassFixture<RedisRouting>
    {
        private readonly RedisRouting _redis = redis;

        [Fact]
        public async Task Whose_node_has_died_comes_back_to_another_before_it_is_swept_and_after()
        {
            await using var dead = await _redis.OpenOneMoreAsync();
            await dead.Router.AttachAsync(Alice, "a", known: null, Known with { SecretHash = "aa" }, Encoding.UTF8.GetBytes(Record));
            await dead.Router.AttachAsync(Alice, "b", known: null, Known with { SecretHash = "bb" }, Encoding.UTF8.GetBytes(Record));
            await _redis.Redis.Database.KeyDeleteAsync($"hub:node:{dead.Id}");

            var before = await Reconnects.ReconnectAsync(Alice, "aa", New("c", "cc"));
            await Node.Services.GetRequiredService<RedisSweeper>().SweepTheDeadAsync(Node.Id);
            var after = await Reconnects.ReconnectAsync(Alice, "bb", New("d", "dd"));

            (before!.ReplacedNode, after!.ReplacedNode).Should().Be((dead.Id, null), "of what is over nobody is to be told");
            (await ConnectionsAsync()).Select(connection => connection.Id).Should().BeEquivalentTo("c", "d");
        }

        [Fact]
        public async Task What_is_entered_is_noted_for_whoever_sweeps_the_node()
        {
            await AttachAsync("a", "aa");
            await Reconnects.ReconnectAsync(Alice, "aa", New("c", "cc"));

            await Node.Services.GetRequiredService<RedisSweeper>().SweepAsync(Node.Id);

            (await _redis.Redis.Database.KeyExistsAsync("hub:{user%3Aalice}:connections")).Should().BeFalse();
            (await Reconnects.ReconnectAsync(Alice, "cc", New("d", "dd"))).Should().NotBeNull("it has left a tombstone");
        }

        [Fact]
        public async Task Where_nobody_is_left_the_secrets_die_by_themselves()
        {
            await AttachAsync("a", "aa");
            await AttachAsync("b", "bb");
            await Router.DetachAsync(Alice, "b");

            await Reconnects.ReconnectAsync(Alice, "aa");

            (await _redis.Redis.Database.KeyTimeToLiveAsync("hub:{user%3Aalice}:reconnects")).Should().NotBeNull();
        }
    }
}
