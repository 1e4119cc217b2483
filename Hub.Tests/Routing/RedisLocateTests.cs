using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Nodes;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using StackExchange.Redis;
using StackExchange.Redis.Profiling;

namespace RealtimeHub.Tests.Routing;

/// <summary>Which of several nodes has a connection.</summary>
public sealed class RedisLocateTests(RedisRouting redis) : ThreeNodeTests(redis), IClassFixture<RedisRouting>
{
    private readonly RedisRouting _redis = redis;

    private IDatabase Database => _redis.Redis.Database;

    [Fact]
    public async Task Each_connection_is_found_at_its_node_from_any_other()
    {
        await AttachAsync(Alice, (Node, "1"), (Second, "2"));
        await AttachAsync(Address.Everyone, (Third, "3"));

        foreach (var asker in All)
        {
            (await asker.Directory.LocateAsync(["1", "2", "3", "4"])).Should().BeEquivalentTo(
                new Dictionary<string, NodeId> { ["1"] = Node.Id, ["2"] = Second.Id, ["3"] = Third.Id });
        }
    }

    [Fact]
    public async Task To_find_any_number_of_connections_takes_two_round_trips_and_writes_nothing()
    {
        await AttachAsync(Alice, (Node, "1"), (Second, "2"));
        var wire = new ProfilingSession();
        Third.Services.GetRequiredService<RedisConnection>().Multiplexer.RegisterProfiler(() => wire);

        await Third.Directory.LocateAsync(["1", "2", .. Enumerable.Range(0, 100).Select(number => $"nobody {number}")]);

        var sent = wire.FinishProfiling().OrderBy(command => command.CommandCreated).ToList();
        sent.Select(command => command.Command).Should().Equal("SMEMBERS", "EXISTS", "HMGET", "EXISTS", "HMGET", "EXISTS", "HMGET");
    }

    [Fact]
    public async Task A_node_that_has_died_has_nobody_even_before_it_is_swept()
    {
        await AttachAsync(Alice, (Node, "1"), (Second, "2"));

        await Database.KeyDeleteAsync($"hub:node:{Second.Id}");

        (await Third.Directory.LocateAsync(["1", "2"])).Should().Equal(new Dictionary<string, NodeId> { ["1"] = Node.Id });
    }

    [Fact]
    public async Task A_connection_without_a_user_is_swept_with_its_node()
    {
        await AttachAsync(Address.Everyone, (Second, "2"));
        await Database.KeyDeleteAsync($"hub:node:{Second.Id}");

        await Node.Services.GetRequiredService<RedisSweeper>().SweepTheDeadAsync(Node.Id);

        (await Database.KeyExistsAsync($"hub:node:{Second.Id}:attached")).Should().BeFalse();
    }

    [Fact]
    public async Task Of_what_newer_nodes_have_noted_what_can_be_read_is_found()
    {
        await Database.SetAddAsync("hub:nodes", "newer");
        await Database.StringSetAsync("hub:node:newer", "1.3 7");
        await Database.HashSetAsync("hub:node:newer:attached",
            [new("1", "1.4 user:alice\nsince 1790000000"), new("2", "2 {\"user\":\"alice\"}"), new("3", ""), new("4", "1 something else")]);

        (await Directory.LocateAsync(["1", "2", "3", "4"])).Should().Equal(new Dictionary<string, NodeId> { ["1"] = new("newer") });
    }
}
