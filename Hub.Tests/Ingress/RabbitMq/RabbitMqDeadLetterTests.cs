using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress.RabbitMq;

/// <summary>What nobody can deliver lies in the dead-letter queue, and holds up nobody.</summary>
[Collection(RabbitMqCollection.Name)]
public sealed class RabbitMqDeadLetterTests(RabbitServer rabbit, RabbitNodes nodes) : IClassFixture<RabbitNodes>
{
    private static int _users;

    private readonly string _user = $"user {Interlocked.Increment(ref _users)}";

    private string Key => $"user.{_user}";

    public static TheoryData<string, string, string?, string> Malformed => new()
    {
        { "user.a", "", null, "JSON" },
        { "user.a", "{", null, "JSON" },
        { "user.a", "null", null, "must be a JSON object" },
        { "user.a", """{"type":"t"} x""", null, "'x'" },
        { "user.a", """{"type":"t","extra":1}""", null, "extra" },
        { "user.a", """{"type":"t","type":"u"}""", null, "type" },
        { "user.a", """{"payload":1}""", null, "type" },
        { "user.a", """{"type":""}""", null, "type" },
        { "user.a", """{"type":"t","ttlSeconds":0}""", null, "time to live" },
        { "user.a", """{"type":"t","idempotencyKey":""}""", null, "idempotency key" },
        { "user.a", """{"type":"t","transient":true,"idempotencyKey":"k"}""", null, "transient" },
        { "user.a", """{"type":"t"}""", "text/plain", "content_type" },
        { "user.a", """{"type":"t"}""", "application/json; charset=iso-8859-1", "content_type" },
        { "user.a", """{"type":"t"}""", "rubbish", "content_type" },
        { "user", """{"type":"t"}""", null, "user.<id>, group.<name> or everyone" },
        { "user.", """{"type":"t"}""", null, "The user in the routing key must be" },
        { "group", """{"type":"t"}""", null, "user.<id>, group.<name> or everyone" },
        { "group.a\nb", """{"type":"t"}""", null, "The group in the routing key must be" },
        { "user.a\ufffd", """{"type":"t"}""", null, "The user in the routing key must be valid UTF-8." },
        { "user.a", $$"""{"type":"t","payload":{{new string('[', 33)}}{{new string(']', 33)}}}""", null, "32 levels" },
        { "user.a", $$"""{"type":"t","payload":{{new string('[', 20_000)}}{{new string(']', 20_000)}}}""", null, "32 levels" },
        { "user.a", """{"type":"t","payload":"\ud83d"}""", null, "surrogate" },
        { "user.a", """{"type":"t","\u001b[2J\u202e":1}""", null, @"\u001b[2J\u202e" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_message_is_put_aside_with_the_reason_and_those_around_it_are_delivered(
        string routingKey, string body, string? contentType, string reason)
    {
        await nodes.Backend.PublishAsync(Key, "before", messageId: null);
        await nodes.Backend.PublishJsonAsync(routingKey, body, new BasicProperties { ContentType = contentType });
        await nodes.Backend.PublishAsync(Key, "after", messageId: null);

        var dead = await nodes.Backend.NextDeadAsync();
        RabbitBackend.Header(dead, "x-realtimehub-reason").Should().Contain(reason);
        RabbitBackend.Header(dead, "x-realtimehub-exchange").Should().Be(nodes.Queue);
        RabbitBackend.Header(dead, "x-realtimehub-routing-key").Should().Be(routingKey);
        Encoding.UTF8.GetString(dead.Body.Span).Should().Be(body);
        await Eventually.HoldsAsync(async () => (await RabbitMqTest.LogOfAsync(nodes.First, _user)).Length == 2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\u0001b")]
    public async Task So_is_one_whose_message_id_breaks_the_rule(string messageId)
    {
        await nodes.Backend.PublishAsync(Key, "never", messageId);

        RabbitBackend.Header(await nodes.Backend.NextDeadAsync(), "x-realtimehub-reason").Should().StartWith("The message_id must be");
    }

    [Theory]
    [InlineData("""{"type":"t","payload":"?"}""")]
    [InlineData("""{"type":"?"}""")]
    [InlineData("""{"type":"t","?":1}""")]
    public async Task So_is_one_that_is_no_UTF_8(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xFF;
        await nodes.Backend.PublishAsync(Key, bytes);

        (await nodes.Backend.NextDeadAsync()).Body.ToArray().Should().Equal(bytes);
        (await RabbitMqTest.LogOfAsync(nodes.First, _user)).Should().BeEmpty();
    }

    [Fact]
    public async Task So_is_one_whose_routing_key_is_no_UTF_8_or_not_of_the_exchange()
    {
        await nodes.Backend.Channel.BasicPublishAsync("", nodes.Queue, """{"type":"t"}"""u8.ToArray());

        var dead = await nodes.Backend.NextDeadAsync();
        RabbitBackend.Header(dead, "x-realtimehub-exchange").Should().BeEmpty();
        RabbitBackend.Header(dead, "x-realtimehub-reason").Should().Contain("routing key");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000_000)]
    public async Task So_is_one_over_64_KB(int over)
    {
        var length = (64 * 1024) - """{"type":"t","payload":""}""".Length + over;
        await nodes.Backend.PublishJsonAsync(Key, $$"""{"type":"t","payload":"{{new string('x', length)}}"}""");
        await nodes.Backend.PublishAsync(Key, "after", messageId: null);

        var dead = await nodes.Backend.NextDeadAsync();
        RabbitBackend.Header(dead, "x-realtimehub-reason").Should().Be("A body may have 64 KB at the most.");
        dead.Body.Length.Should().Be((64 * 1024) + over);
        await RabbitMqTest.LogBecomesAsync(nodes.First, _user, "after");
    }

    [Fact]
    public async Task It_keeps_its_properties_but_for_those_that_would_lose_it()
    {
        await nodes.Backend.PublishJsonAsync(Key, "{", new BasicProperties
        {
            MessageId = "7",
            CorrelationId = "c",
            AppId = "shop",
            Priority = 3,
            Timestamp = new AmqpTimestamp(1_790_000_000),
            Expiration = "600000",
            UserId = "guest",
            DeliveryMode = DeliveryModes.Transient,
            Headers = new Dictionary<string, object?>
            {
                ["x-own"] = "mine",
                ["number"] = 7L,
                ["list"] = new List<object?> { 1, true },
                ["CC"] = new List<object?> { $"{nodes.Queue}.dead" },
            },
        });
        await nodes.Backend.PublishJsonAsync(Key, "[");

        var dead = (await nodes.Backend.NextDeadAsync()).BasicProperties;
        (dead.MessageId, dead.CorrelationId, dead.AppId, dead.Priority, dead.Timestamp.UnixTime).Should()
            .Be(("7", "c", "shop", (byte)3, 1_790_000_000L));
        dead.Headers!["number"].Should().Be(7L);
        Encoding.UTF8.GetString((byte[])dead.Headers["x-own"]!).Should().Be("mine");
        dead.Headers["list"].Should().BeEquivalentTo(new List<object> { 1, true });
        dead.Headers.Should().NotContainKey("CC");
        dead.Persistent.Should().BeTrue();
        dead.IsExpirationPresent().Should().BeFalse();
        dead.IsUserIdPresent().Should().BeFalse();
        Encoding.UTF8.GetString((await nodes.Backend.NextDeadAsync()).Body.Span).Should().Be("[", "it lies there once");
    }

    [Fact]
    public async Task A_reason_that_quotes_the_message_is_cut_short()
    {
        await nodes.Backend.PublishJsonAsync(Key, $$"""{"{{new string('x', 60_000)}}":1}""");

        RabbitBackend.Header(await nodes.Backend.NextDeadAsync(), "x-realtimehub-reason").Should().HaveLength(501).And.EndWith("…");
    }

    [Fact]
    public async Task A_user_whose_log_Redis_refuses_holds_up_nobody()
    {
        await nodes.Redis.Database.ListLeftPushAsync($"hub:{{{Uri.EscapeDataString($"user:{_user}")}}}:head", "not a head of ours");

        await nodes.Backend.PublishAsync(Key, "refused", messageId: null);
        await nodes.Backend.PublishAsync($"{Key} too", "delivered", messageId: null);

        RabbitBackend.Header(await nodes.Backend.NextDeadAsync(), "x-realtimehub-reason").Should().Contain("could not publish");
        await RabbitMqTest.LogBecomesAsync(nodes.First, $"{_user} too", "delivered");
    }

    [Fact]
    public async Task While_the_dead_letter_queue_takes_nothing_malformed_messages_wait_and_the_others_go_on()
    {
        await rabbit.ControlAsync("set_policy", "full", $@"^{nodes.Queue}\.dead$", """{"max-length":1,"overflow":"reject-publish"}""");
        await Eventually.HoldsAsync(IsFullAsync);
        await nodes.Backend.PublishJsonAsync(Key, "{");
        await HasLoggedAsync("RabbitMqDeadLetterRefused");

        foreach (var number in Enumerable.Range(0, 20))
        {
            await nodes.Backend.PublishAsync(Key, $"{number}", messageId: null);
        }

        await Eventually.HoldsAsync(async () => (await RabbitMqTest.LogOfAsync(nodes.First, _user)).Length == 20);
        await nodes.Backend.Channel.QueuePurgeAsync($"{nodes.Queue}.dead");
        await rabbit.ControlAsync("clear_policy", "full");
        Encoding.UTF8.GetString((await nodes.Backend.NextDeadAsync()).Body.Span).Should().Be("{");
    }

    [Fact]
    public async Task A_dead_letter_queue_that_was_deleted_is_made_anew()
    {
        await nodes.Backend.Channel.QueueDeleteAsync($"{nodes.Queue}.dead");

        await nodes.Backend.PublishJsonAsync(Key, "{");

        await HasLoggedAsync("RabbitMqAway");
        await RabbitMqTest.AreOpenAsync(nodes.First, nodes.Second);
        Encoding.UTF8.GetString((await nodes.Backend.NextDeadAsync()).Body.Span).Should().Be("{");
    }

    /// <summary>Whichever of the two had the message.</summary>
    private Task HasLoggedAsync(string eventName) => Task.WhenAny(
        RabbitMqTest.HasLoggedAsync(nodes.First, eventName), RabbitMqTest.HasLoggedAsync(nodes.Second, eventName)).Unwrap();

    /// <summary>Fills the dead-letter queue: its limit is a soft one.</summary>
    private async Task<bool> IsFullAsync()
    {
        try
        {
            await nodes.Backend.Channel.BasicPublishAsync("", $"{nodes.Queue}.dead", "filler"u8.ToArray());
            return false;
        }
        catch (PublishException)
        {
            return true;
        }
    }
}
