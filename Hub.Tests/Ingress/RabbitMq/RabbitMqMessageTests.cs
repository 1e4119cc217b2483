using RabbitMQ.Client;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress.RabbitMq;

/// <summary>What a message in the queue may say, and what becomes of it.</summary>
[Collection(RabbitMqCollection.Name)]
public sealed class RabbitMqMessageTests(RabbitNodes nodes) : IClassFixture<RabbitNodes>
{
    private static int _users;

    private readonly string _user = $"user {Interlocked.Increment(ref _users)}";

    private string Key => $"user.{_user}";

    [Fact]
    public async Task Each_routing_key_reaches_its_clients_on_every_node()
    {
        await using var near = nodes.First.ClientFor(async () => await nodes.First.MintAsync(_user, "room.1"), skipNegotiation: true);
        await using var far = nodes.Second.ClientFor(async () => await nodes.Second.MintAsync(_user, "room.1"), skipNegotiation: true);
        await using var other = nodes.Second.ClientFor($"{_user} too", skipNegotiation: true);
        var received = await Task.WhenAll(Received.ByAsync(near), Received.ByAsync(far), Received.ByAsync(other));

        foreach (var (routingKey, address) in new[] { (Key, $"user:{_user}"), ("group.room.1", "group:room.1"), ("everyone", "everyone") })
        {
            await nodes.Backend.PublishJsonAsync(routingKey, """{"type":"order.shipped","payload":{"id":7.10}}""");

            foreach (var client in address == "everyone" ? received : received[..2])
            {
                var message = await client.NextAsync();
                message.GetProperty("address").GetString().Should().Be(address);
                message.GetProperty("type").GetString().Should().Be("order.shipped");
                message.GetProperty("payload").GetRawText().Should().Be("""{"id":7.10}""", "it is passed on as it was given");
            }
        }
    }

    [Theory]
    [InlineData("a.b..c.")]
    [InlineData(".")]
    [InlineData("a/b")]
    [InlineData("a%2Fb c?d#e*")]
    [InlineData("Ünï:{code}😀")]
    [InlineData("user.alice")]
    [InlineData("#")]
    [InlineData("#.*")]
    public async Task Everything_behind_the_first_dot_is_the_name(string user)
    {
        await using var client = nodes.Second.ClientFor(user, skipNegotiation: true);
        var received = await Received.ByAsync(client);

        await nodes.Backend.PublishAsync($"user.{user}", "hello", messageId: null);

        (await received.NextAsync()).GetProperty("address").GetString().Should().Be($"user:{user}");
    }

    [Fact]
    public async Task A_routing_key_may_be_as_long_as_AMQP_allows()
    {
        var user = new string('a', 250);

        await nodes.Backend.PublishAsync($"user.{user}", "hello", messageId: null);

        await RabbitMqTest.LogBecomesAsync(nodes.First, user, "hello");
    }

    [Fact]
    public async Task The_same_message_id_is_one_message_of_an_address_whichever_node_consumes_it()
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            await nodes.Backend.PublishAsync(Key, "once", "order 7 shipped");
        }

        await nodes.Backend.PublishAsync($"{Key} too", "another address", "order 7 shipped");
        await nodes.Backend.PublishAsync($"{Key} too", "end", messageId: null);

        // In any order: two nodes take from the queue.
        await Eventually.HoldsAsync(async () =>
            (await RabbitMqTest.LogOfAsync(nodes.First, $"{_user} too")).Order().SequenceEqual(["another address", "end"]));
        await Eventually.HoldsAsync(async () => await nodes.Backend.ReadyAsync() == 0);
        (await RabbitMqTest.LogOfAsync(nodes.First, _user)).Should().ContainSingle();
    }

    [Fact]
    public async Task Another_message_under_a_message_id_is_put_aside_and_those_behind_it_are_delivered()
    {
        await nodes.Backend.PublishAsync(Key, "first", "order 8 shipped");
        await RabbitMqTest.LogBecomesAsync(nodes.First, _user, "first");

        await nodes.Backend.PublishAsync(Key, "other", "order 8 shipped");
        await nodes.Backend.PublishAsync(Key, "after", "order 9 shipped");

        RabbitBackend.Header(await nodes.Backend.NextDeadAsync(), "x-realtimehub-reason").Should().Contain("stands for another message");
        await RabbitMqTest.LogBecomesAsync(nodes.First, _user, "first", "after");
    }

    [Fact]
    public async Task A_message_id_is_the_publishers_own_where_the_broker_vouches_for_who_that_is()
    {
        await nodes.Backend.PublishJsonAsync(Key, """{"type":"anybody's"}""", new BasicProperties { MessageId = "7" });
        await RabbitMqTest.LogBecomesAsync(nodes.First, _user, "anybody's");
        await nodes.Backend.PublishJsonAsync(Key, """{"type":"a guest's"}""", new BasicProperties { MessageId = "7", UserId = "guest" });
        await RabbitMqTest.LogBecomesAsync(nodes.First, _user, "anybody's", "a guest's");
        await nodes.First.Publisher.PublishAsync(Address.User(_user), "ours", 1, new PublishOptions { IdempotencyKey = "7" });

        await RabbitMqTest.LogBecomesAsync(nodes.First, _user, "anybody's", "a guest's", "ours");
    }

    [Fact]
    public async Task Messages_without_a_message_id_are_as_many_as_were_sent()
    {
        await nodes.Backend.PublishAsync(Key, "same", messageId: null);
        await nodes.Backend.PublishAsync(Key, "same", messageId: null);

        await RabbitMqTest.LogBecomesAsync(nodes.First, _user, "same", "same");
    }

    [Fact]
    public async Task An_idempotency_key_in_the_body_counts_more_than_the_message_id()
    {
        foreach (var id in (string[])["1", "2", "3"])
        {
            await nodes.Backend.PublishJsonAsync(Key, $$"""{"type":"t","idempotencyKey":"one key"}""", new BasicProperties { MessageId = id });
        }

        await nodes.Backend.PublishJsonAsync(Key, """{"type":"end","idempotencyKey":"another"}""", new BasicProperties { MessageId = "1" });

        await Eventually.HoldsAsync(async () => (await RabbitMqTest.LogOfAsync(nodes.First, _user)).Length == 2);
        (await RabbitMqTest.LogOfAsync(nodes.First, _user)).Should().BeEquivalentTo("t", "end");
    }

    [Fact]
    public async Task A_message_is_not_delivered_after_its_time_to_live()
    {
        await nodes.Backend.PublishJsonAsync(Key, """{"type":"brief","ttlSeconds":1}""");
        await nodes.Backend.PublishJsonAsync(Key, """{"type":"lasting","ttlSeconds":31536000}""");

        await RabbitMqTest.LogBecomesAsync(nodes.First, _user, "lasting");
    }

    [Fact]
    public async Task A_transient_message_reaches_who_is_there_and_its_message_id_means_nothing()
    {
        await using var client = nodes.First.ClientFor(_user, skipNegotiation: true);
        var received = await Received.ByAsync(client);

        foreach (var type in (string[])["typing", "typing"])
        {
            await nodes.Backend.PublishJsonAsync(Key, $$"""{"type":"{{type}}","transient":true}""", new BasicProperties { MessageId = "the same" });

            var message = await received.NextAsync();
            message.GetProperty("type").GetString().Should().Be(type);
            message.TryGetProperty("after", out _).Should().BeFalse();
        }

        (await RabbitMqTest.LogOfAsync(nodes.First, _user)).Should().BeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("application/json")]
    [InlineData("Application/JSON; charset=UTF-8")]
    [InlineData("application/vnd.shop+json")]
    public async Task A_content_type_may_be_left_out_or_be_JSON(string? contentType)
    {
        await nodes.Backend.PublishJsonAsync(Key, """{"type":"hello"}""", new BasicProperties { ContentType = contentType });

        await RabbitMqTest.LogBecomesAsync(nodes.First, _user, "hello");
    }

    [Fact]
    public async Task The_largest_body_is_taken()
    {
        var text = new string('x', (64 * 1024) - """{"type":"t","payload":""}""".Length);
        await using var client = nodes.First.ClientFor(_user, skipNegotiation: true);
        var received = await Received.ByAsync(client);

        await nodes.Backend.PublishJsonAsync(Key, $$"""{"type":"t","payload":"{{text}}"}""");

        (await received.NextAsync()).GetProperty("payload").GetString().Should().Be(text);
    }
}
