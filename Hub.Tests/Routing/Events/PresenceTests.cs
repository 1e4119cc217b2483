using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Tests.Routing.Events;

/// <summary>When it is told that users come and go.</summary>
public abstract class PresenceTests(RoutingMode mode) : RouterTests(mode, ("Presence:Address", "group:presence"))
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private protected IPresence Presence => Node.Services.GetRequiredService<IPresence>();

    private IEventQueue Queue => Node.Services.GetRequiredService<IEventQueue>();

    [Fact]
    public async Task The_first_connection_of_a_user_is_told_and_no_other()
    {
        await Router.AttachAsync(Alice, "a");
        await Router.AttachAsync(Alice, "b");
        await Router.AttachAsync(Alice, "a");
        await Router.AttachAsync(Bob, "c");

        (await ToldAsync(Alice)).Should().Equal("user.online");
        (await ToldAsync(Bob)).Should().Equal("user.online");
        (await Queue.LeaseAsync(9, Second)).Select(lease => $"{lease.User}").Should().BeEquivalentTo("user:alice", "user:bob");
    }

    [Fact]
    public async Task That_the_last_has_gone_is_told_once_and_after_the_grace()
    {
        await Router.AttachAsync(Alice, "a");
        await Router.AttachAsync(Alice, "b");
        await Router.DetachAsync(Alice, "a");
        await PassAsync(10 * Second);
        (await ToldAsync(Alice)).Should().Equal("user.online");

        await Router.DetachAsync(Alice, "b");
        await Router.DetachAsync(Alice, "b");
        await PassAsync(4 * Second);
        (await ToldAsync(Alice)).Should().Equal("user.online");

        await PassAsync(2 * Second);
        await PassAsync(10 * Second);
        (await ToldAsync(Alice)).Should().Equal("user.online", "user.offline");
    }

    [Fact]
    public async Task Who_is_back_within_the_grace_was_never_gone()
    {
        await Router.AttachAsync(Alice, "a");
        for (var reload = 0; reload < 3; reload++)
        {
            await Router.DetachAsync(Alice, $"{(reload == 0 ? "a" : reload)}");
            await PassAsync(4 * Second);
            await Router.AttachAsync(Alice, $"{reload + 1}");
            await PassAsync(4 * Second);
        }

        await PassAsync(10 * Second);
        (await ToldAsync(Alice)).Should().Equal("user.online");
    }

    [Fact]
    public async Task Who_comes_later_is_online_again()
    {
        await Router.AttachAsync(Alice, "a");
        await Router.DetachAsync(Alice, "a");
        await PassAsync(6 * Second);
        await Router.AttachAsync(Alice, "b");

        (await ToldAsync(Alice)).Should().Equal("user.online", "user.offline", "user.online");
    }

    [Fact]
    public async Task Who_comes_back_by_a_secret_was_never_gone_or_is_online_again()
    {
        var reconnects = Node.Services.GetRequiredService<IReconnects>();
        await Router.AttachAsync(Alice, "a", known: null, Details("aa"), "{}"u8.ToArray());
        (await reconnects.ReconnectAsync(Alice, "aa", new ReconnectingConnection("b", Details("bb")))).Should().NotBeNull();
        await PassAsync(10 * Second);
        (await ToldAsync(Alice)).Should().Equal("user.online");

        await Router.DetachAsync(Alice, "b");
        await PassAsync(6 * Second);
        (await reconnects.ReconnectAsync(Alice, "bb", new ReconnectingConnection("c", Details("cc")))).Should().NotBeNull();
        (await ToldAsync(Alice)).Should().Equal("user.online", "user.offline", "user.online");

        // It negotiates, and then does not open.
        (await reconnects.ReconnectAsync(Alice, "cc")).Should().NotBeNull();
        await PassAsync(6 * Second);
        (await ToldAsync(Alice)).Should().Equal("user.online", "user.offline", "user.online", "user.offline");
    }

    [Fact]
    public async Task Groups_and_those_who_have_no_user_do_neither_come_nor_go()
    {
        foreach (var address in (Address[])[Address.Group("room"), Address.Everyone])
        {
            await Router.AttachAsync(address, "a");
            await Router.DetachAsync(address, "a");
        }

        await PassAsync(10 * Second);
        (await Queue.LeaseAsync(9, Second)).Should().BeEmpty();
    }

    [Fact]
    public async Task Who_is_refused_does_not_come()
    {
        await Node.Services.GetRequiredService<IEpochs>().BanAsync(Alice, DateTimeOffset.MaxValue);

        (await Router.AttachAsync(Alice, "a")).IsAttached.Should().BeFalse();

        (await ToldAsync(Alice)).Should().BeEmpty();
    }

    private protected async Task PassAsync(TimeSpan time)
    {
        await AdvanceAsync(time);
        await Presence.ConcludeAsync(9);
    }

    private protected async Task<IEnumerable<string>> ToldAsync(Address user)
    {
        var waiting = (await Queue.ReadAsync(user, NoLimit)).Select(each => each.Event!).ToList();
        waiting.Should().OnlyHaveUniqueItems(told => told.Id);
        waiting.Should().NotContain(told => !IsObject(told));
        return waiting.Select(told => told.Type);
    }

    private static ConnectionDetails Details(string secret) =>
        new() { Since = DateTimeOffset.UnixEpoch, Transport = "WebSockets", SecretHash = secret };

    private static bool IsObject(HubEvent told) => JsonElement.Parse(told.Data.Span).ValueKind == JsonValueKind.Object;

    public sealed class InMemory() : PresenceTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : PresenceTests(redis), IClassFixture<RedisRouting>
    {
        private readonly RedisRouting _redis = redis;

        [Fact]
        public async Task However_many_nodes_look_at_once_that_a_user_has_gone_is_told_once()
        {
            await using var second = await _redis.OpenOneMoreAsync(("Presence:Address", "group:presence"));
            var others = second.Services.GetRequiredService<IPresence>();
            await second.Router.AttachAsync(Alice, "a");
            await second.Router.DetachAsync(Alice, "a");
            await AdvanceAsync(6 * Second);

            await Task.WhenAll(Enumerable.Range(0, 20).Select(turn => (turn % 2 == 0 ? Presence : others).ConcludeAsync(9)));

            (await ToldAsync(Alice)).Should().Equal("user.online", "user.offline");
        }

        [Fact]
        public async Task Of_who_has_gone_nothing_is_left()
        {
            await Router.AttachAsync(Alice, "a");
            (await _redis.Redis.Database.KeyExistsAsync("hub:{user%3Aalice}:presence")).Should().BeTrue();
            await Router.DetachAsync(Alice, "a");
            (await _redis.Redis.Database.KeyExistsAsync("hub:presence:due")).Should().BeTrue();

            await PassAsync(6 * Second);

            (await _redis.Redis.Database.KeyExistsAsync("hub:{user%3Aalice}:presence")).Should().BeFalse();
            (await _redis.Redis.Database.KeyExistsAsync("hub:presence:due")).Should().BeFalse();
        }
    }
}
