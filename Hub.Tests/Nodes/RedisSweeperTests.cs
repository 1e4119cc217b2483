using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Nodes;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Routing;
using StackExchange.Redis;

namespace RealtimeHub.Tests.Nodes;

/// <summary>What a dead node has left goes, whenever it died and whoever sweeps. The first of three nodes is the one that dies.</summary>
public sealed class RedisSweeperTests(RedisRouting redis) : ThreeNodeTests(redis), IClassFixture<RedisRouting>
{
    private const string Connection = "connection";

    private IDatabase Database => Redis.Database;

    private RouterNode Dead => Node;

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task What_it_sent_last_and_arrives_when_it_was_swept_already_is_swept_five_minutes_later(string address)
    {
        var entry = EntryOf(address);
        await Dead.Router.AttachAsync(entry.Address, Connection);
        await Database.HashDeleteAsync(DirectoryOf(entry), entry.Field);

        await DieAsync();
        await SweepAsync(Second);
        await Database.HashSetAsync(DirectoryOf(entry), entry.Field, entry.Value);
        await SweepAsync(Second);
        (await IsEnteredAsync(entry)).Should().BeTrue("nobody looks for it at each heartbeat");
        await SweepLaterAsync(Second);

        (await IsEnteredAsync(entry)).Should().BeFalse();
        await ShouldBeForgottenAsync();
    }

    [Fact]
    public async Task What_it_attached_last_may_even_be_noted_when_it_was_swept_already()
    {
        var entry = EntryOf("user:alice");
        await DieAsync();
        await SweepAsync(Second);

        await Dead.Router.AttachAsync(entry.Address, Connection);
        await SweepLaterAsync(Second);

        (await IsEnteredAsync(entry)).Should().BeFalse();
        await ShouldBeForgottenAsync();
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Two_who_sweep_at_once_leave_nothing(string address)
    {
        var entry = EntryOf(address);
        await Dead.Router.AttachAsync(entry.Address, Connection);
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(number => Dead.Router.AttachAsync(Bob, $"{number}")));
        await DieAsync();

        await Task.WhenAll(SweepAsync(Second), SweepAsync(Third));

        (await IsEnteredAsync(entry)).Should().BeFalse();
        (await Database.KeyExistsAsync(Keys.Of("user:bob").Connections)).Should().BeFalse();
        await Task.WhenAll(SweepLaterAsync(Second), SweepLaterAsync(Third));
        await ShouldBeForgottenAsync();
    }

    [Fact]
    public async Task What_a_sweeper_that_died_has_left_another_takes_out()
    {
        await Dead.Router.AttachAsync(Alice, Connection);
        await DieAsync();
        await SweepAsync(Second);

        await SweepAsync(Third);
        await SweepLaterAsync(Third);

        await ShouldBeForgottenAsync();
    }

    [Fact]
    public async Task A_node_that_was_taken_for_dead_and_dies_later_is_swept_once_more()
    {
        await DieAsync();
        await SweepAsync(Second);
        await Database.StringSetAsync(Keys.Node(Dead.Id.Value), "1 7");
        await SweepAsync(Second);

        await Dead.Router.AttachAsync(Alice, Connection);
        await DieAsync();
        await SweepAsync(Second);

        (await IsEnteredAsync(EntryOf("user:alice"))).Should().BeFalse();
    }

    [Fact]
    public async Task What_a_Redis_brings_back_that_was_restored_from_an_old_dump_is_swept()
    {
        await Dead.Router.AttachAsync(Alice, Connection);
        var dump = await Task.WhenAll(
            Redis.Server.Keys().ToList().Select(async key => (Key: key, Value: await Database.KeyDumpAsync(key))));
        await DieAsync();
        await SweepAsync(Second);
        await SweepLaterAsync(Second);
        await ShouldBeForgottenAsync();

        foreach (var (key, value) in dump.Where(kept => kept.Key != Keys.Node(Dead.Id.Value)))
        {
            await Database.KeyDeleteAsync(key);
            await Database.KeyRestoreAsync(key, value!);
        }

        (await IsEnteredAsync(EntryOf("user:alice"))).Should().BeTrue();
        await SweepLaterAsync(Second);
        (await IsEnteredAsync(EntryOf("user:alice"))).Should().BeFalse();
    }

    [Fact]
    public async Task What_cannot_be_taken_out_of_a_directory_stays_noted()
    {
        var entry = EntryOf("user:alice");
        await Dead.Router.AttachAsync(Alice, Connection);
        await AllowKeysAsync("~hub:node*");

        await Dead.Router.Awaiting(router => router.DetachAsync(Alice, Connection)).Should().ThrowAsync<StoreUnavailableException>();

        await AllowKeysAsync("~*");
        (await IsEnteredAsync(entry)).Should().BeTrue();
        (await Database.HashExistsAsync(Keys.Attached(Dead.Id.Value), entry.NoteField)).Should().BeTrue();
    }

    private RedisKeys Keys => Second.Services.GetRequiredService<RedisKeys>();

    private DirectoryEntry EntryOf(string address) => new(Dead.Id, AddressOf(address), Connection);

    private RedisKey DirectoryOf(DirectoryEntry entry) => entry.Directory(Keys)!.Value;

    private Task<bool> IsEnteredAsync(DirectoryEntry entry) => Database.HashExistsAsync(DirectoryOf(entry), entry.Field);

    private Task<RedisResult> AllowKeysAsync(string pattern) => Database.ExecuteAsync("ACL", "SETUSER", "default", "resetkeys", pattern);

    private Task<bool> DieAsync() => Database.KeyDeleteAsync(Keys.Node(Dead.Id.Value));

    private static Task SweepAsync(RouterNode by) => by.Services.GetRequiredService<RedisSweeper>().SweepTheDeadAsync(by.Id);

    /// <summary>Lets five minutes pass for a sweeper; the time of the dead node stands still.</summary>
    private static async Task SweepLaterAsync(RouterNode by)
    {
        ((FakeTimeProvider)by.Services.GetRequiredService<TimeProvider>()).Advance(RedisSweeper.Aftermath);
        await SweepAsync(by);
    }

    private async Task ShouldBeForgottenAsync()
    {
        (await Database.SetContainsAsync(Keys.Nodes, Dead.Id.Value)).Should().BeFalse();
        (await Database.KeyExistsAsync(Keys.Attached(Dead.Id.Value))).Should().BeFalse();
    }
}
