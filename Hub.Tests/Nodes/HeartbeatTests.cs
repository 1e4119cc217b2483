using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Nodes;

/// <summary>What becomes of those who are connected when Redis goes, forgets or does not tell.</summary>
public sealed class HeartbeatTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();

    public Task InitializeAsync() => _redis.InitializeAsync();

    public Task DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task Clients_are_told_of_the_head_when_Redis_comes_back_without_its_data()
    {
        await using var node = Node.On(_redis);
        await using var alice = node.ClientFor("alice");
        var heads = HeadsOf(alice);
        await Received.ByAsync(alice);

        _redis.Kill();
        await _redis.RestartAsync();

        (await heads.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30))).EnumerateObject().Single().Name.Should().BeOneOf("user:alice", "everyone");
    }

    [Fact]
    public async Task A_user_is_reachable_again_after_Redis_has_forgotten_everything()
    {
        await using var node = Node.On(_redis);
        await using var alice = node.ClientFor("alice");
        var heads = HeadsOf(alice);
        var received = await Received.ByAsync(alice);

        await _redis.Server.FlushAllDatabasesAsync();

        var told = new List<string>();
        while (!told.Contains("user:alice"))
        {
            told.Add((await heads.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30))).EnumerateObject().Single().Name);
        }

        await node.Publisher.PublishAsync(Address.User("alice"), "again", 1);
        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("again");
    }

    [Fact]
    public async Task A_message_that_a_dead_link_has_hidden_is_noticed_within_a_minute()
    {
        await using var node = Node.StandingStillOn(_redis);
        await using var alice = node.ClientFor("alice");
        var heads = HeadsOf(alice);
        await Received.ByAsync(alice);
        node.Time!.Advance(TimeSpan.FromSeconds(1));

        await _redis.Database.KeyDeleteAsync("hub:{user%3Aalice}:connections");
        var hidden = await node.Publisher.PublishAsync(Address.User("alice"), "hidden", 1);
        node.Time.Advance(TimeSpan.FromSeconds(51));

        var told = await heads.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        told.GetProperty("user:alice").GetString().Should().Be(hidden);
        (await _redis.Database.KeyExistsAsync("hub:{user%3Aalice}:connections")).Should().BeTrue("the check enters the connection again");
    }

    [Fact]
    public async Task A_node_that_leaves_takes_its_connections_out_of_the_directory()
    {
        await using (var node = Node.On(_redis))
        {
            await using var alice = node.ClientFor(async () => await node.MintAsync("alice", "room"));
            await Received.ByAsync(alice);
            DirectoryKeys().Should().HaveCount(2);
        }

        DirectoryKeys().Should().BeEmpty();
        _redis.Server.Keys(pattern: "hub:node*").Should().BeEmpty();
    }

    [Fact]
    public async Task What_a_killed_node_leaves_in_the_directory_is_swept_by_another()
    {
        await using var survivor = Node.On(_redis);
        await using (var killed = ServerProcess.Start("Development", "--Redis:Connection", _redis.Connection))
        {
            var alice = new HubConnectionBuilder().WithUrl(new Uri(await killed.AddressAsync(), "hub"), options =>
                options.AccessTokenProvider = async () => await survivor.MintAsync("alice", "room")).Build();
            await Received.ByAsync(alice);
            DirectoryKeys().Should().HaveCount(2);
        }

        await _redis.AdvanceAsync(TimeSpan.FromSeconds(15));

        await Eventually.HoldsAsync(() => Task.FromResult(!DirectoryKeys().Any() && !_redis.Server.Keys(pattern: "hub:node:*:attached").Any()));
    }

    [Fact]
    public async Task A_connection_that_ends_while_Redis_is_away_is_taken_out_when_it_is_back()
    {
        await using var node = Node.On(_redis);
        await using var alice = node.ClientFor("alice");
        await Received.ByAsync(alice);

        await _redis.PauseAsync();
        await alice.StopAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(node.Log.Lines.Any(line => line.Contains("HeartbeatFailed", StringComparison.Ordinal))));
        await _redis.ContinueAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(!DirectoryKeys().Any()));
    }

    private IEnumerable<string> DirectoryKeys() => _redis.Server.Keys().Select(key => key.ToString())
        .Where(key => key.EndsWith("}:connections", StringComparison.Ordinal) || key.EndsWith("}:nodes", StringComparison.Ordinal));

    private static ChannelReader<JsonElement> HeadsOf(HubConnection connection)
    {
        var heads = Channel.CreateUnbounded<JsonElement>();
        connection.On<JsonElement>("Heads", told => heads.Writer.TryWrite(told));
        return heads.Reader;
    }
}
