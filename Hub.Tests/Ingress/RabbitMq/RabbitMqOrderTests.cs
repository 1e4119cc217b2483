using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress.RabbitMq;

/// <summary>Order in the queue is order in the log, and nothing is acknowledged before it stands there.</summary>
[Collection(RabbitMqCollection.Name)]
public sealed class RabbitMqOrderTests(RabbitServer rabbit) : IAsyncLifetime
{
    private readonly string _queue = RabbitServer.NewName();
    private readonly RedisServer _redis = new();

    private RabbitBackend _backend = null!;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _backend = await RabbitBackend.ConnectAsync(rabbit, _queue);
    }

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task While_Redis_is_away_a_node_holds_no_more_than_the_prefetch_and_delivers_in_order_when_it_is_back()
    {
        await using (var node = await StartAsync(("RabbitMq:Prefetch", "5")))
        {
            _redis.Kill();
            await PublishAsync(0, 20);
            await RabbitMqTest.HasLoggedAsync(node, "RabbitMqHolding");
            await Eventually.HoldsAsync(async () => await _backend.ReadyAsync() == 15);

            await _redis.RestartAsync();

            await RabbitMqTest.HasLoggedAsync(node, "RabbitMqGoingOn");
            await RabbitMqTest.LogBecomesAsync(node, "alice", Types(0, 20));
            node.Log.Lines.Where(line => line.Contains("RabbitMqHolding", StringComparison.Ordinal)).Should().ContainSingle();
        }

        (await _backend.ReadyAsync()).Should().Be(0, "they were acknowledged");
    }

    [Fact]
    public async Task However_often_it_is_tried_a_message_has_the_time_at_which_it_came()
    {
        await using var node = await StartAsync();
        _redis.Kill();
        await PublishAsync(0, 1);
        await RabbitMqTest.HasLoggedAsync(node, "RabbitMqHolding");
        var held = TimeProvider.System.GetUtcNow();

        await _redis.RestartAsync();

        await RabbitMqTest.HasLoggedAsync(node, "RabbitMqGoingOn");
        await RabbitMqTest.LogBecomesAsync(node, "alice", "0");
        await using var client = node.ClientFor("alice", skipNegotiation: true);
        await client.StartAsync();
        var answer = await client.InvokeAsync<JsonElement>("Resume", new { from = "retained" });
        var message = answer.GetProperty("addresses").GetProperty("user:alice").GetProperty("messages").EnumerateArray().Should().ContainSingle().Subject;
        message.GetProperty("time").GetDateTimeOffset().Should().BeBefore(held);
    }

    [Fact]
    public async Task What_a_node_holds_when_it_stops_goes_back_to_the_queue()
    {
        await using (var node = await StartAsync())
        {
            _redis.Kill();
            await PublishAsync(0, 20);
            await RabbitMqTest.HasLoggedAsync(node, "RabbitMqHolding");
        }

        await Eventually.HoldsAsync(async () => await _backend.ReadyAsync() == 20);
        await _redis.RestartAsync();
        await using var another = await StartAsync();
        await RabbitMqTest.LogBecomesAsync(another, "alice", Types(0, 20));
    }

    [Fact]
    public async Task What_Redis_carried_out_without_an_answer_is_not_published_again()
    {
        await using var node = await StartAsync();
        await _backend.PublishAsync("user.alice", "before", messageId: null);
        await RabbitMqTest.LogBecomesAsync(node, "alice", "before");

        await _redis.PauseAsync();
        await PublishAsync(0, 20, withId: false);
        await RabbitMqTest.HasLoggedAsync(node, "RabbitMqHolding");
        await _redis.ContinueAsync();

        await RabbitMqTest.HasLoggedAsync(node, "RabbitMqGoingOn");
        await RabbitMqTest.LogBecomesAsync(node, "alice", ["before", .. Types(0, 20)]);
    }

    [Fact]
    public async Task A_transient_message_is_tried_once_because_who_is_there_later_is_somebody_else()
    {
        await using (var node = await StartAsync())
        {
            _redis.Kill();
            await _backend.PublishJsonAsync("user.alice", """{"type":"typing","transient":true}""");
            await PublishAsync(0, 1);
            await RabbitMqTest.HasLoggedAsync(node, "RabbitMqHolding");
        }

        await Eventually.HoldsAsync(async () => await _backend.ReadyAsync() == 1);
    }

    [Fact]
    public async Task A_transient_message_that_somebody_may_have_sent_before_is_not_sent_again()
    {
        await using (await StartAsync())
        {
            // Makes the queue.
        }

        await using var node = Node.On(_redis);
        await using var client = node.ClientFor("alice", skipNegotiation: true);
        var received = await Received.ByAsync(client);
        await using (var dying = await RabbitBackend.ConnectAsync(rabbit, _queue))
        {
            await _backend.PublishJsonAsync("user.alice", """{"type":"typing","transient":true}""");
            await PublishAsync(0, 1);
            (await dying.Channel.BasicGetAsync(_queue, autoAck: false)).Should().NotBeNull();
        }

        await Eventually.HoldsAsync(async () => await _backend.ReadyAsync() == 2);
        await using var consuming = await StartAsync();

        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("0");
        await Eventually.HoldsAsync(async () => await _backend.ReadyAsync() == 0);
        received.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task A_node_that_stops_while_it_consumes_loses_nothing_and_keeps_the_order()
    {
        await using (var node = await StartAsync())
        {
            var publishing = PublishAsync(0, 500);
            await Eventually.HoldsAsync(async () => (await RabbitMqTest.LogOfAsync(node, "alice")).Length > 0);
            await node.DisposeAsync();
            await publishing;
        }

        await using var another = await StartAsync();
        await RabbitMqTest.LogBecomesAsync(another, "alice", Types(0, 500));
    }

    [Fact]
    public async Task With_a_single_active_consumer_two_nodes_keep_the_order_also_when_one_takes_over()
    {
        await using var first = await StartAsync(("RabbitMq:SingleActiveConsumer", "true"));
        await using var second = await StartAsync(("RabbitMq:SingleActiveConsumer", "true"));

        var publishing = PublishAsync(0, 800);
        await Eventually.HoldsAsync(async () => (await RabbitMqTest.LogOfAsync(second, "alice")).Length > 0);
        await first.DisposeAsync();
        await publishing;

        await RabbitMqTest.LogBecomesAsync(second, "alice", Types(0, 800));
    }

    [Fact]
    public async Task Several_nodes_share_the_queue_and_publish_each_message_once()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();

        await PublishAsync(0, 500);

        await Eventually.HoldsAsync(async () => (await RabbitMqTest.LogOfAsync(second, "alice")).Length == 500);
        (await RabbitMqTest.LogOfAsync(second, "alice")).Should().BeEquivalentTo(Types(0, 500));
    }

    private static string[] Types(int first, int count) => [.. Enumerable.Range(first, count).Select(number => $"{number}")];

    private async Task PublishAsync(int first, int count, bool withId = true)
    {
        foreach (var type in Types(first, count))
        {
            await _backend.PublishAsync("user.alice", type, withId ? type : null);
        }
    }

    private async Task<Node> StartAsync(params (string Key, string Value)[] settings)
    {
        var node = Node.On(_redis, [.. rabbit.Settings(_queue), .. settings]);
        await RabbitMqTest.AreOpenAsync(node);
        return node;
    }
}
