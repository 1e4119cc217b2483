using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress;

public sealed class MessageRateTests
{
    private const string OtherKey = "the key of another backend";

    [Fact]
    public async Task A_thousand_messages_fit_at_once_and_a_thousand_more_do_not()
    {
        await using var node = NodeWith("1");

        (await BatchAsync(node, 1_000)).StatusCode.Should().Be(HttpStatusCode.OK);
        await (await BatchAsync(node, 1_000)).ShouldBeRefusedAsync(HttpStatusCode.TooManyRequests, "rate_limited");
    }

    [Fact]
    public async Task Who_is_refused_is_told_how_long_to_wait()
    {
        await using var node = NodeWith("7");
        await BatchAsync(node, 1_000);

        var refused = await BatchAsync(node, 1_000);

        refused.Headers.RetryAfter!.Delta.Should().BePositive().And.BeLessThanOrEqualTo(TimeSpan.FromSeconds(143));
    }

    [Fact]
    public async Task Who_waits_is_let_in()
    {
        await using var node = NodeWith("1000");
        await BatchAsync(node, 1_000);

        await Eventually.HoldsAsync(async () => (await BatchAsync(node, 1_000)).StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Unless_it_is_configured_a_thousand_a_second_are_let_in()
    {
        await using var node = new Node(("Api:MessagesPerSecond", Node.Unset));

        node.Services.GetRequiredService<IOptions<ApiOptions>>().Value.MessagesPerSecond.Should().Be(1_000);
    }

    [Theory]
    [InlineData("/api/tokens", """{"sub":"alice"}""")]
    [InlineData("/api/users/alice/messages", """{"type":"t"}""")]
    [InlineData("/api/groups/room1/messages", """{"type":"t"}""")]
    [InlineData("/api/everyone/messages", """{"type":"t"}""")]
    public async Task A_message_and_a_token_count_one(string path, string body)
    {
        await using var node = NodeWith("1");

        foreach (var _ in Enumerable.Range(0, 100))
        {
            (await node.Client.SendAsync(Node.Api(path, JsonNode.Parse(body)!))).IsSuccessStatusCode.Should().BeTrue();
        }

        (await BatchAsync(node, 1_000)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await BatchAsync(node, 900)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_refused_is_not_published_and_not_counted()
    {
        await using var node = NodeWith("1");
        await using var client = node.ClientFor("alice");
        var received = await Received.ByAsync(client);
        await BatchAsync(node, 500);

        (await BatchAsync(node, 900, "user:alice")).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await BatchAsync(node, 2, "user:alice")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await BatchAsync(node, 400)).StatusCode.Should().Be(HttpStatusCode.OK, "a refused batch takes nothing out of the bucket");
        await node.Publisher.PublishAsync(RealtimeHub.Routing.Address.User("alice"), "end", 1);

        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("n0");
        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("n1");
        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("end");
    }

    [Fact]
    public async Task Neither_another_backend_nor_a_wrong_key_takes_from_a_backends_share()
    {
        await using var node = NodeWith("1");

        (await BatchAsync(node, 1_000, key: OtherKey)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await BatchAsync(node, 1_000, key: OtherKey)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await BatchAsync(node, 1_000, key: "a wrong one")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await BatchAsync(node, 1_000)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Both_keys_of_a_backend_share_one_limit()
    {
        await using var node = new Node(("Api:MessagesPerSecond", "1"), ("Api:Keys:tests", $"{Node.Sha256(Node.ApiKey)},{Node.Sha256(OtherKey)}"));

        (await BatchAsync(node, 1_000)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await BatchAsync(node, 1_000, key: OtherKey)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Zero_is_no_limit()
    {
        await using var node = NodeWith("0");

        foreach (var _ in Enumerable.Range(0, 5))
        {
            (await BatchAsync(node, 1_000)).StatusCode.Should().Be(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task The_demo_is_not_limited()
    {
        await using var node = NodeWith("1");
        await BatchAsync(node, 1_000);

        (await node.Client.PostAsync("/demo/token?user=alice", null)).StatusCode.Should().Be(HttpStatusCode.Created);
        (await node.Client.SendAsync(Node.Api("/demo/users/alice/messages", new { type = "t" }))).StatusCode.Should().Be(HttpStatusCode.Accepted);
    }

    private static Node NodeWith(string messagesPerSecond) =>
        new(("Api:MessagesPerSecond", messagesPerSecond), ("Api:Keys:other", Node.Sha256(OtherKey)));

    private static Task<HttpResponseMessage> BatchAsync(Node node, int messages, string address = "user:nobody", string key = Node.ApiKey)
    {
        var request = Node.Api("/api/messages", new { messages = Enumerable.Range(0, messages).Select(number => new { address, type = $"n{number}" }) });
        request.Headers.Remove("X-Api-Key");
        request.Headers.Add("X-Api-Key", key);
        return node.Client.SendAsync(request);
    }
}
