using System.Net;
using RabbitMQ.Client;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress.RabbitMq;

/// <summary>The broker goes, comes, refuses, or has something else under our names; the hub goes on.</summary>
[Collection(RabbitMqCollection.Name)]
public sealed class RabbitMqBrokerTests(RabbitServer rabbit) : IAsyncLifetime
{
    private readonly string _queue = RabbitServer.NewName();

    private RabbitBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await RabbitBackend.ConnectAsync(rabbit, _queue);

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        await rabbit.StartAsync();
    }

    [Fact]
    public async Task A_node_starts_without_its_broker_serves_its_clients_and_consumes_when_the_broker_comes()
    {
        await using (await StartAsync())
        {
            // Makes the queue.
        }

        await _backend.PublishJsonAsync("user.alice", """{"type":"waiting"}""", new BasicProperties { Persistent = true });
        await rabbit.StopAsync();
        await using var node = new Node(rabbit.Settings(_queue));
        await using var client = node.ClientFor("alice", skipNegotiation: true);
        var received = await Received.ByAsync(client);
        await node.Client.SendAsync(Node.Api("/api/users/alice/messages", new { type = "over HTTP" }));
        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("over HTTP");
        await RabbitMqTest.HasLoggedAsync(node, "RabbitMqAway");

        var ready = await node.Client.GetAsync("/health/ready");

        ready.StatusCode.Should().Be(HttpStatusCode.OK, "to take every node out of the load balancer would cut off the users");
        (await ready.Content.ReadAsStringAsync()).Should().StartWith("""{"status":"Degraded","checks":{""");
        (await RabbitMqTest.ReadinessAsync(node)).Should().Be(("Degraded", "RabbitMQ is away. Nothing is taken from the queue; messages wait there."));
        await rabbit.StartAsync();
        await RabbitMqTest.AreOpenAsync(node);
        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("waiting");
        node.Log.Errors.Should().ContainSingle("there is a line for the change, not for each attempt").Which.Should().Contain($"amqp://127.0.0.1:{rabbit.Port}");
    }

    [Theory]
    [InlineData("quorum")]
    [InlineData("classic")]
    public async Task After_a_restart_of_the_broker_consuming_goes_on(string queueType)
    {
        await using var node = await StartAsync(("RabbitMq:QueueType", queueType));
        await _backend.PublishAsync("user.alice", "before", messageId: null);
        await RabbitMqTest.LogBecomesAsync(node, "alice", "before");

        await rabbit.StopAsync();
        await Eventually.HoldsAsync(async () => (await RabbitMqTest.ReadinessAsync(node)).Status == "Degraded");
        using var measured = new Measured(node);
        measured["realtimehub.rabbitmq.up"].Should().Be(0);
        measured.Series.Should().Contain("realtimehub.rabbitmq.up");
        await rabbit.StartAsync();
        await RabbitMqTest.AreOpenAsync(node);
        measured["realtimehub.rabbitmq.up"].Should().Be(1);

        await using var backend = await RabbitBackend.ConnectAsync(rabbit, _queue);
        await backend.PublishAsync("user.alice", "after", messageId: null);
        await RabbitMqTest.LogBecomesAsync(node, "alice", "before", "after");
    }

    [Fact]
    public async Task A_queue_that_was_made_otherwise_is_told_with_what_to_do_and_used_once_it_is_gone()
    {
        await _backend.Channel.QueueDeclareAsync(_queue, durable: true, exclusive: false, autoDelete: false);
        await using var node = new Node(rabbit.Settings(_queue));
        _ = node.Address;

        await RabbitMqTest.HasLoggedAsync(node, "RabbitMqRefused");

        node.Log.Errors.Should().ContainSingle().Which.Should().ContainAll("exists with other settings", "inequivalent arg", "RabbitMq:QueueType", "delete it");
        (await RabbitMqTest.ReadinessAsync(node)).Should().Be(("Degraded", "The exchange or a queue exists with other settings. Nothing is taken from the queue; messages wait there."));
        await _backend.Channel.QueueDeleteAsync(_queue);
        await RabbitMqTest.AreOpenAsync(node);
    }

    [Fact]
    public async Task So_is_an_exchange_that_was_made_otherwise()
    {
        await _backend.Channel.ExchangeDeclareAsync(_queue, "fanout");
        await using var node = new Node(rabbit.Settings(_queue));
        _ = node.Address;

        await RabbitMqTest.HasLoggedAsync(node, "RabbitMqRefused");

        node.Log.Errors.Should().ContainSingle().Which.Should().ContainAll("exists with other settings", "RabbitMq:Exchange");
    }

    [Theory]
    [InlineData("guest:hunter2", "", "refuses the user or the password")]
    [InlineData("nobody:hunter2", "", "refuses the user or the password")]
    [InlineData("guest:guest", "/nowhere", "nowhere")]
    public async Task A_refusal_is_told_once_and_without_the_password(string user, string vhost, string said)
    {
        await using var node = new Node(rabbit.Settings(_queue, user, vhost));
        _ = node.Address;

        await RabbitMqTest.HasLoggedAsync(node, "RabbitMqRefused");

        (await RabbitMqTest.ReadinessAsync(node)).Status.Should().Be("Degraded");
        node.Log.Errors.Should().ContainSingle().Which.Should().Contain(said);
        node.Log.Lines.Should().NotContain(line => line.Contains("hunter2"));
    }

    [Fact]
    public async Task So_is_a_user_who_may_not_do_what_the_hub_needs()
    {
        await rabbit.ControlAsync("add_user", _queue, "hunter2");
        await rabbit.ControlAsync("set_permissions", _queue, "", "", ".*");
        await using var node = new Node(rabbit.Settings(_queue, $"{_queue}:hunter2"));
        _ = node.Address;

        await RabbitMqTest.HasLoggedAsync(node, "RabbitMqRefused");

        node.Log.Errors.Should().ContainSingle().Which.Should().ContainAll("does not permit", "docs/operations.md");
        node.Log.Lines.Should().NotContain(line => line.Contains("hunter2"));
    }

    [Fact]
    public async Task A_queue_that_was_deleted_is_made_anew()
    {
        await using var node = await StartAsync();

        await _backend.Channel.QueueDeleteAsync(_queue);

        await RabbitMqTest.HasLoggedAsync(node, "RabbitMqAway");
        await RabbitMqTest.AreOpenAsync(node);
        await _backend.PublishAsync("user.alice", "after", messageId: null);
        await RabbitMqTest.LogBecomesAsync(node, "alice", "after");
    }

    [Fact]
    public async Task What_the_broker_itself_gives_up_lies_in_the_dead_letter_queue_as_well()
    {
        await using (await StartAsync())
        {
            // Makes the queues.
        }

        await _backend.PublishJsonAsync("user.alice", """{"type":"brief"}""", new BasicProperties { Expiration = "1" });

        RabbitBackend.Header(await _backend.NextDeadAsync(), "x-first-death-reason").Should().Be("expired");
    }

    private async Task<Node> StartAsync(params (string Key, string Value)[] settings)
    {
        var node = new Node([.. rabbit.Settings(_queue), .. settings]);
        await RabbitMqTest.AreOpenAsync(node);
        return node;
    }
}
