using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress;

public sealed class BatchTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static int _users;

    private readonly string _user = $"user {Interlocked.Increment(ref _users)}";

    private string Address => $"user:{_user}";

    [Fact]
    public async Task Each_message_goes_to_its_address_and_is_answered_with_its_id()
    {
        await using var client = nodes.Second.ClientFor(async () => await nodes.Second.MintAsync(_user, "room:1"), skipNegotiation: true);
        var received = await Received.ByAsync(client);
        string[] addresses = [Address, "group:room:1", "everyone"];

        var answer = await PublishAsync(nodes.First, addresses.Select(address => new { address, type = "order.shipped", payload = new { id = 7 } }));

        answer.GetProperty("failed").GetInt32().Should().Be(0);
        var ids = answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("id").GetString()).ToList();
        for (var index = 0; index < addresses.Length; index++)
        {
            var message = await received.NextAsync();
            message.GetProperty("address").GetString().Should().Be(addresses[index]);
            message.GetProperty("id").GetString().Should().Be(ids[index]);
            message.GetProperty("payload").GetRawText().Should().Be("""{"id":7}""");
        }
    }

    [Fact]
    public async Task Messages_of_one_address_keep_their_order()
    {
        await using var client = nodes.Second.ClientFor(_user, skipNegotiation: true);
        var received = await Received.ByAsync(client);

        await PublishAsync(
            nodes.First, Enumerable.Range(0, 1_000).Select(number => new { address = number % 3 == 0 ? "user:somebody else" : Address, type = $"n{number}" }));

        foreach (var number in Enumerable.Range(0, 1_000).Where(number => number % 3 != 0))
        {
            (await received.NextAsync()).GetProperty("type").GetString().Should().Be($"n{number}");
        }
    }

    [Theory]
    [InlineData("""{"address":"alice","type":"t"}""", "At $.address: must be user:NAME, group:NAME or everyone")]
    [InlineData("""{"address":"user:","type":"t"}""", "At $.address: must be user:NAME, group:NAME or everyone")]
    [InlineData("""{"address":null,"type":"t"}""", "At $.address")]
    [InlineData("""{"type":"t"}""", "At $: a field is missing: address.")]
    [InlineData("""{"address":"everyone"}""", "At $: a field is missing: type.")]
    [InlineData("{}", "At $: a field is missing: ")]
    [InlineData("""{"address":"everyone","type":""}""", "The type must be 1 to 128 characters")]
    [InlineData("""{"address":"everyone","type":7}""", "At $.type: the JSON value has the wrong type.")]
    [InlineData("""{"address":"everyone","type":"t","extra":{"messages":[]}}""", "At $.extra: there is no such field.")]
    [InlineData("""{"address":"everyone","type":"t","type":"t"}""", "At $.type: the field is there twice.")]
    [InlineData("""{"address":"everyone","type":"t","ttlSeconds":0}""", "time to live")]
    [InlineData("""{"address":"everyone","type":"t","idempotencyKey":""}""", "idempotency key")]
    [InlineData("""{"address":"everyone","type":"t","idempotencyKey":"k","transient":true}""", "transient")]
    [InlineData("7", "At $: the JSON value has the wrong type.")]
    [InlineData("null", "At $: the JSON value has the wrong type.")]
    [InlineData("""[{"address":"everyone","type":"t"}]""", "At $: the JSON value has the wrong type.")]
    public async Task A_message_with_a_mistake_holds_up_no_other(string wrong, string detail)
    {
        await using var client = nodes.Second.ClientFor(_user, skipNegotiation: true);
        var received = await Received.ByAsync(client);
        var (before, after) = ($$"""{"address":"{{Address}}","type":"before"}""", $$"""{"address":"{{Address}}","type":"after"}""");

        var answer = await ReadAsync(await SendAsync(nodes.First, $$"""{"messages":[{{before}},{{wrong}},{{wrong}},{{after}}]}"""));

        answer.GetProperty("failed").GetInt32().Should().Be(2);
        var results = answer.GetProperty("results").EnumerateArray().ToList();
        results.Should().HaveCount(4);
        results[1].EnumerateObject().Select(property => property.Name).Should().Equal("code", "detail");
        results[2].GetProperty("code").GetString().Should().Be("message_invalid");
        results[2].GetProperty("detail").GetString().Should().Contain(detail);
        foreach (var (type, result) in new[] { ("before", results[0]), ("after", results[3]) })
        {
            var message = await received.NextAsync();
            message.GetProperty("type").GetString().Should().Be(type);
            message.GetProperty("id").GetString().Should().Be(result.GetProperty("id").GetString());
        }
    }

    [Fact]
    public async Task Of_a_batch_of_mistakes_each_is_told()
    {
        var answer = await PublishAsync(nodes.First, Enumerable.Range(0, 1_000).Select(number => new { number }));

        answer.GetProperty("failed").GetInt32().Should().Be(1_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"messages":null}""")]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"messages":{"address":"ADDRESS","type":"t"}}""")]
    [InlineData("""{"messages":[{"address":"ADDRESS","type":"t"}""")]
    [InlineData("""{"messages":[{"address":"ADDRESS","type":"t"},{"address":]}""")]
    [InlineData("""{"messages":[{"address":"ADDRESS","type":"t"}],"more":1}""")]
    [InlineData("""{"messages":[{"address":"ADDRESS","type":"t"}],"messages":[]}""")]
    [InlineData("""{"messages":[{"address":"ADDRESS","type":"t"}]} {}""")]
    public async Task What_is_no_batch_publishes_nothing(string body)
    {
        await using var client = nodes.Second.ClientFor(_user, skipNegotiation: true);
        var received = await Received.ByAsync(client);

        var answer = await SendAsync(nodes.First, body.Replace("ADDRESS", Address, StringComparison.Ordinal));

        await answer.ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "body_invalid");
        await nodes.First.Client.SendAsync(Node.Api($"/api/users/{_user}/messages", new { type = "end" }));
        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("end");
    }

    [Fact]
    public async Task A_batch_has_a_thousand_messages_and_not_one_more()
    {
        var thousand = Enumerable.Repeat(new { address = Address, type = "t", transient = true }, 1_000).ToList();

        (await PublishAsync(nodes.First, thousand)).GetProperty("failed").GetInt32().Should().Be(0);
        var answer = await nodes.First.Client.SendAsync(Node.Api("/api/messages", new { messages = thousand.Append(thousand[0]) }));

        await answer.ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "body_invalid");
        (await answer.Content.ReadAsStringAsync()).Should().Contain("At $.messages: must be an array of 1 to 1000 messages");
    }

    [Theory]
    [InlineData("Http1")]
    [InlineData("Http2")]
    public async Task A_batch_may_have_four_megabytes_and_each_payload_64_KB(string protocol)
    {
        await using var node = new Node(("Kestrel:EndpointDefaults:Protocols", protocol));
        var payload = new string('x', (64 * 1024) - 2);
        var messages = Enumerable.Range(0, 62).Select(_ => new { address = Address, type = "t", payload })
            .Append(new { address = Address, type = "t", payload = payload + "x" });
        var request = Node.Api("/api/messages", new { messages });
        (request.Version, request.VersionPolicy) = (protocol == "Http2"
            ? HttpVersion.Version20
            : HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);

        var answer = await ReadAsync(await node.Client.SendAsync(request));

        answer.GetProperty("failed").GetInt32().Should().Be(1);
        answer.GetProperty("results")[62].GetProperty("detail").GetString().Should().Contain("64 KB");
    }

    [Fact]
    public async Task A_batch_with_idempotency_keys_may_be_sent_again_as_it_was()
    {
        await using var client = nodes.Second.ClientFor(_user, skipNegotiation: true);
        var received = await Received.ByAsync(client);
        var batch = Enumerable.Range(0, 100).Select(number => new { address = Address, type = $"n{number}", idempotencyKey = $"k{number}" }).ToList();

        var first = await PublishAsync(nodes.First, batch.Take(60));
        var again = await PublishAsync(nodes.Second, batch);
        await nodes.First.Client.SendAsync(Node.Api($"/api/users/{_user}/messages", new { type = "end" }));

        again.GetProperty("results").EnumerateArray().Take(60).Select(result => result.GetProperty("id").GetString())
            .Should().Equal(first.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("id").GetString()));
        foreach (var type in batch.Select(message => message.type).Append("end"))
        {
            (await received.NextAsync()).GetProperty("type").GetString().Should().Be(type);
        }
    }

    [Fact]
    public async Task What_Redis_did_not_take_is_told_beside_what_it_took()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = Node.On(redis);
        object[] batch =
        [
            new { address = Address, type = "typing", transient = true },
            new { address = Address, type = "lasting", idempotencyKey = "k" },
        ];

        // A Redis that is full refuses what is to be kept, and passes on what is not.
        await redis.Server.ConfigSetAsync("maxmemory", "1");
        var full = await PublishAsync(node, batch);
        var token = await node.Client.SendAsync(Node.Api("/api/tokens", new { sub = "alice" }));
        await redis.Server.ConfigSetAsync("maxmemory", "0");
        var again = await PublishAsync(node, batch);

        full.GetProperty("failed").GetInt32().Should().Be(1);
        full.GetProperty("results")[0].TryGetProperty("id", out _).Should().BeTrue();
        full.GetProperty("results")[1].GetProperty("code").GetString().Should().Be("store_unavailable");
        await token.ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, "store_unavailable");
        again.GetProperty("failed").GetInt32().Should().Be(0);
    }

    private static async Task<JsonElement> PublishAsync(Node node, IEnumerable<object> messages) =>
        await ReadAsync(await node.Client.SendAsync(Node.Api("/api/messages", new { messages })));

    private static Task<HttpResponseMessage> SendAsync(Node node, string body)
    {
        var request = Node.Api("/api/messages", new { });
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return node.Client.SendAsync(request);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        answer.StatusCode.Should().Be(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
