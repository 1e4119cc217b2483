using System.Text;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;
using StackExchange.Redis;

namespace RealtimeHub.Tests.Routing;

/// <summary>What lies in Redis of the secrets with which connections come back.</summary>
public sealed class RedisSecretTests(RedisRouting redis) : RouterTests(redis), IClassFixture<RedisRouting>
{
    private const string Record = """{"sub":"alice","epoch":7}""";

    private static readonly RedisKey Secrets = "hub:{user%3Aalice}:reconnects";

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

    private IDatabase Database => redis.Redis.Database;

    [Fact]
    public async Task An_attach_enters_it_beside_the_directory_with_all_that_it_takes_to_come_back()
    {
        await AttachAsync("c1", "aa");

        (await Database.HashGetAsync("hub:{user%3Aalice}:connections", "c1")).ToString().Should().EndWith("\nsecret aa");
        (await UnderAsync("aa")).Should().Be(
            $"1 c1\nnode {Node.Id}\nsession s 1\nepoch 7\nexpires 4000000000000\nlabels tenant:7\tbeta\n\n{Record}");
        (await Database.KeyTimeToLiveAsync(Secrets)).Should().BeNull();
        (await Directory.ConnectionsOfAsync([Alice])).Single().Single().Details.Should().BeEquivalentTo(Known with { SecretHash = "aa" });
    }

    [Fact]
    public async Task Of_a_connection_without_a_secret_there_is_nothing()
    {
        await Router.AttachAsync(Alice, "c1", known: null, Known);
        await Router.DetachAsync(Alice, "c1");

        (await Database.KeyExistsAsync(Secrets)).Should().BeFalse();
    }

    [Fact]
    public async Task A_detach_leaves_a_tombstone_for_five_minutes_and_then_nothing_is_left()
    {
        await AttachAsync("c1", "aa");

        await Router.DetachAsync(Alice, "c1");

        (await UnderAsync("aa")).Should().MatchRegex($"^1 c1\nuntil [0-9]+\nnode {Node.Id}\nsession s 1\n");
        (await UntilAsync("aa") - await redis.Redis.Server.TimeAsync()).Should().BeCloseTo(IReconnects.Memory, TimeSpan.FromSeconds(30));
        (await Database.KeyTimeToLiveAsync(Secrets)).Should().BeCloseTo(IReconnects.Memory, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_detach_for_good_leaves_none()
    {
        await AttachAsync("c1", "aa");

        await Router.DetachAsync(Alice, "c1", isForGood: true);

        (await Database.KeyExistsAsync(Secrets)).Should().BeFalse();
    }

    [Fact]
    public async Task As_long_as_somebody_is_there_all_of_it_stays()
    {
        await AttachAsync("c1", "aa");
        await AttachAsync("c2", "bb");
        await Router.DetachAsync(Alice, "c1");
        (await Database.KeyTimeToLiveAsync(Secrets)).Should().BeNull();

        await Router.DetachAsync(Alice, "c2");
        (await Database.KeyTimeToLiveAsync(Secrets)).Should().NotBeNull();

        await AttachAsync("c3", "cc");
        (await Database.KeyTimeToLiveAsync(Secrets)).Should().BeNull();
    }

    [Fact]
    public async Task Who_is_attached_again_has_no_tombstone_any_more()
    {
        await AttachAsync("c1", "aa");
        var before = await UnderAsync("aa");
        await Router.DetachAsync(Alice, "c1");

        await Router.AttachAsync(Alice, "c1", known: null, Known with { SecretHash = "aa" });

        (await UnderAsync("aa")).Should().Be(before);
        (await Database.KeyTimeToLiveAsync(Secrets)).Should().BeNull();
    }

    [Fact]
    public async Task What_Redis_has_lost_an_attach_again_does_not_bring_back()
    {
        await AttachAsync("c1", "aa");
        await Database.KeyDeleteAsync(Secrets);

        await Router.AttachAsync(Alice, "c1", known: null, Known with { SecretHash = "aa" });
        await Router.DetachAsync(Alice, "c1");

        (await Database.KeyExistsAsync(Secrets)).Should().BeFalse();
    }

    [Fact]
    public async Task Who_is_refused_has_none()
    {
        await Node.Services.GetRequiredService<IEpochs>().RaiseAsync(Alice);

        (await Router.AttachAsync(Alice, "c1", known: null, Known with { SecretHash = "aa" }, Encoding.UTF8.GetBytes(Record))).IsAttached
            .Should().BeFalse();

        (await Database.KeyExistsAsync(Secrets)).Should().BeFalse();
    }

    [Fact]
    public async Task A_node_that_has_died_leaves_tombstones_as_soon_as_another_sweeps()
    {
        await using var dead = await redis.OpenOneMoreAsync();
        await dead.Router.AttachAsync(Alice, "c1", known: null, Known with { SecretHash = "aa" }, Encoding.UTF8.GetBytes(Record));
        await Database.KeyDeleteAsync($"hub:node:{dead.Id}");

        await Node.Services.GetRequiredService<RedisSweeper>().SweepTheDeadAsync(Node.Id);

        (await UnderAsync("aa")).Should().Contain("\nuntil ").And.EndWith(Record);
    }

    [Fact]
    public async Task Tombstones_that_are_over_are_let_go_of_while_others_come_and_go()
    {
        await AttachAsync("stays", "stays");
        foreach (var number in Enumerable.Range(0, 20))
        {
            await AttachAsync($"c{number}", $"old{number}");
            await Router.DetachAsync(Alice, $"c{number}");
        }

        await redis.AdvanceAsync(IReconnects.Memory + TimeSpan.FromSeconds(1));
        for (var number = 0; await Database.HashExistsAsync(Secrets, "old0"); number++)
        {
            number.Should().BeLessThan(1_000, "one in sixteen lets go of what is over");
            await AttachAsync("again", "again");
        }

        (await Database.HashKeysAsync(Secrets)).Select(field => $"{field}").Should().BeEquivalentTo("stays", "again");
    }

    [Fact]
    public async Task What_another_version_has_kept_is_left_alone()
    {
        await AttachAsync("c1", "aa");
        await Database.HashSetAsync(Secrets, "aa", "2 {}");
        await Database.HashSetAsync(Secrets, "bb", "2 {}");

        await Router.DetachAsync(Alice, "c1");

        (await UnderAsync("bb")).Should().Be("2 {}");
    }

    private Task<AttachResult> AttachAsync(string connection, string secret) =>
        Router.AttachAsync(Alice, connection, known: null, Known with { SecretHash = secret }, Encoding.UTF8.GetBytes(Record));

    private async Task<string> UnderAsync(string secret) => (await Database.HashGetAsync(Secrets, secret)).ToString();

    private async Task<DateTimeOffset> UntilAsync(string secret) => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(
        (await UnderAsync(secret)).Split("\nuntil ")[1].Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture));
}
