using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Hosting;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Operations;

public sealed class HealthTests
{
    [Fact]
    public async Task A_node_in_memory_is_live_and_ready()
    {
        await using var node = new Node();

        (await node.Client.GetAsync("/health/live")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await node.Client.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await node.Client.GetStringAsync("/health/ready")).Should().Be(
            """{"status":"Healthy","checks":{"redis":{"status":"Healthy","description":"In memory."},"drain":{"status":"Healthy","description":"Takes new connections."}}}""");
    }

    [Fact]
    public async Task Readiness_says_of_each_check_what_it_says_and_nothing_of_what_was_thrown()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = Node.On(redis);
        (await node.Client.GetStringAsync("/health/ready")).Should().Contain("Redis answers.");

        redis.Kill();

        var answer = await node.Client.GetAsync("/health/ready");
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        (await answer.Content.ReadAsStringAsync()).Should().Be(
            """{"status":"Unhealthy","checks":{"redis":{"status":"Unhealthy","description":"Redis does not answer."},"drain":{"status":"Healthy","description":"Takes new connections."}}}""");
    }

    [Fact]
    public async Task However_often_it_is_asked_the_log_says_once_that_something_is_away_and_once_that_it_is_back()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = Node.On(redis);
        redis.Kill();

        for (var probe = 0; probe < 5; probe++)
        {
            (await node.Client.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        }

        await redis.RestartAsync();
        await Eventually.HoldsAsync(async () => (await node.Client.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
        node.Log.Lines.Where(line => line.Contains("HealthChanged", StringComparison.Ordinal)).Should().SatisfyRespectively(
            away => away.Should().StartWith("Error ").And.Contain("The health check redis is Unhealthy now: Redis does not answer."),
            back => back.Should().StartWith("Information ").And.Contain("The health check redis is Healthy now"));
        node.Log.Lines.Should().NotContain(line => line.Contains("DefaultHealthCheckService"));
    }

    [Fact]
    public async Task A_check_that_throws_does_not_tell_the_world_what()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddHealthChecks().AddCheck("broken", () => throw new InvalidOperationException("hunter2"));
        await using var app = builder.Build();
        app.MapHealth();
        await app.StartAsync();

        var answer = await app.GetTestClient().GetAsync("/health/ready");

        (await answer.Content.ReadAsStringAsync()).Should().Be("""{"status":"Unhealthy","checks":{"broken":{"status":"Unhealthy","description":null}}}""");
    }

    [Fact]
    public async Task A_node_whose_Redis_is_away_is_live_but_not_ready_until_it_is_back()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = Node.On(redis);
        (await node.Client.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.OK);

        redis.Kill();
        (await node.Client.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await node.Client.GetAsync("/health/live")).StatusCode.Should().Be(HttpStatusCode.OK);

        await redis.RestartAsync();
        await Eventually.HoldsAsync(async () => (await node.Client.GetAsync("/health/ready")).IsSuccessStatusCode);
        await node.MintAsync("alice");
    }

    [Fact]
    public async Task A_node_starts_without_its_Redis_and_becomes_ready_with_it()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        redis.Kill();
        await using var node = Node.On(redis);
        (await node.Client.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);

        await redis.RestartAsync();

        await Eventually.HoldsAsync(async () => (await node.Client.GetAsync("/health/ready")).IsSuccessStatusCode);
        node.Log.Lines.Should().Contain(line => line.Contains("RedisUnreachable"));
    }

    [Fact]
    public async Task A_node_on_a_Cluster_is_ready_and_spends_tokens()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await using var node = new Node(("Redis:Connection", cluster.Connection));

        (await node.Client.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.OK);
        foreach (var number in Enumerable.Range(0, 30))
        {
            (await new Authentication.RawHub(node).NegotiateAsync(await node.MintAsync($"user{number}"))).StatusCode.Should().Be(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task After_a_Sentinel_failover_who_was_connected_is_reached_again()
    {
        await using var sentinel = await RedisSentinel.StartAsync();
        await using var node = new Node(("Redis:Connection", sentinel.Connection));
        await Eventually.HoldsAsync(async () => (await node.Client.GetAsync("/health/ready")).IsSuccessStatusCode);
        await using var alice = node.ClientFor("alice");
        var received = await Received.ByAsync(alice);

        await sentinel.FailOverAsync();

        // A stock client hears what is live: the first messages may come before the node hears again, and stand in the log only.
        await Eventually.HoldsAsync(async () =>
        {
            await node.Client.SendAsync(Node.Api("/api/users/alice/messages", new { type = "after" }));
            return !received.IsEmpty;
        });
    }

    [Fact]
    public async Task A_node_is_ready_after_a_Sentinel_failover_though_the_old_primary_is_dead()
    {
        await using var sentinel = await RedisSentinel.StartAsync();
        await using var node = new Node(("Redis:Connection", sentinel.Connection));
        (await node.Client.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.OK);

        await sentinel.FailOverAsync();

        await Eventually.HoldsAsync(async () => (await node.Client.GetAsync("/health/ready")).IsSuccessStatusCode);
        (await new Authentication.RawHub(node).NegotiateAsync(await node.MintAsync("alice"))).StatusCode.Should().Be(HttpStatusCode.OK);
    }
}
