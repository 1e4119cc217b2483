using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress;

/// <summary>What was published to an address, as an operator asks over HTTP.</summary>
public sealed class LogApiTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Theory]
    [InlineData("user:a/b?c#d")]
    [InlineData("user:..")]
    [InlineData("group:<img src=x onerror=alert(1)>")]
    [InlineData("everyone")]
    public async Task Any_address_is_shown_from_whichever_node_with_what_was_published_there_but_its_payload(string text)
    {
        Address.TryParse(text, out var address).Should().BeTrue();
        var first = await nodes.First.Publisher.PublishAsync(address, "\"payload\":", "a secret");
        var last = await nodes.First.Publisher.PublishAsync(
            address, "ë <b>", new string('x', 60_000), new PublishOptions { TimeToLive = TimeSpan.FromSeconds(90) });

        var shown = await GetAsync($"log?address={Uri.EscapeDataString(text)}");

        shown.GetProperty("address").GetString().Should().Be(text);
        (shown.GetProperty("lastMinute").GetInt32(), shown.GetProperty("lastFifteenMinutes").GetInt32()).Should().Be((2, 2));
        var messages = shown.GetProperty("messages").EnumerateArray().ToList();
        messages.Select(message => (message.GetProperty("id").GetString(), message.GetProperty("type").GetString())).Should()
            .Equal((last, "ë <b>"), (first, "\"payload\":"));
        messages[0].GetProperty("ttlSeconds").GetDouble().Should().Be(90);
        messages[0].GetProperty("bytes").GetInt32().Should().BeInRange(60_000, 60_500);
        messages[0].GetProperty("time").GetDateTimeOffset().Should().BeCloseTo(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
        messages[1].EnumerateObject().Select(property => property.Name).Should().Equal("id", "type", "time", "bytes");
        shown.GetRawText().Should().NotContain("a secret");
    }

    [Fact]
    public async Task The_longest_names_are_read_to_their_end()
    {
        var address = Address.Group(new string('ë', Address.MaxNameLength));
        var type = new string('"', 128);
        await nodes.First.Publisher.PublishAsync(address, type, new string('x', 60_000));

        var shown = await GetAsync($"log?address={Uri.EscapeDataString(address.ToString())}");

        shown.GetProperty("messages")[0].GetProperty("type").GetString().Should().Be(type);
    }

    [Fact]
    public async Task As_many_are_shown_as_are_asked_for_and_fifty_without_a_limit()
    {
        for (var number = 0; number < 60; number++)
        {
            await nodes.First.Publisher.PublishAsync(Address.User("many"), "t", number);
        }

        (await GetAsync("log?address=user:many")).GetProperty("messages").GetArrayLength().Should().Be(50);
        (await GetAsync("log?address=user:many&limit=1")).GetProperty("messages").GetArrayLength().Should().Be(1);
        (await GetAsync("log?address=user:many&limit=200")).GetProperty("messages").GetArrayLength().Should().Be(60);
    }

    [Theory]
    [InlineData("", "address must be")]
    [InlineData("address=", "address must be")]
    [InlineData("address=room1", "address must be")]
    [InlineData("address=group:", "address must be")]
    [InlineData("address=user:a%0ab", "address must be")]
    [InlineData("address=user:a&address=user:b", "address must be")]
    [InlineData("address=everyone&limit=0", "limit must be a whole number from 1 to 200.")]
    [InlineData("address=everyone&limit=201", "limit must be a whole number from 1 to 200.")]
    [InlineData("address=everyone&limit=x", "limit must be a whole number from 1 to 200.")]
    [InlineData("address=everyone&limit=", "limit must be a whole number from 1 to 200.")]
    [InlineData("address=everyone&limit=1&limit=2", "limit must be a whole number from 1 to 200.")]
    public async Task What_is_no_address_or_no_limit_is_refused_with_a_sentence(string query, string sentence)
    {
        using var answer = await AskAsync(nodes.First, $"log?{query}");

        await answer.ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "query_invalid");
        (await answer.Content.ReadAsStringAsync()).Should().Contain(sentence);
    }

    [Fact]
    public async Task Without_Redis_it_is_told_that_Redis_does_not_answer()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = Node.On(redis);
        (await AskAsync(node, "log?address=everyone")).StatusCode.Should().Be(HttpStatusCode.OK);

        redis.Kill();

        using var answer = await AskAsync(node, "log?address=everyone");
        await answer.ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, "store_unavailable");
    }

    [Fact]
    public async Task A_key_without_the_scope_read_does_not_see_it()
    {
        await using var node = new Node(("Api:Scopes:tests", "publish"));

        using var answer = await AskAsync(node, "log?address=everyone");

        await answer.ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "scope_missing");
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await AskAsync(nodes.Second, path);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static Task<HttpResponseMessage> AskAsync(Node node, string path) =>
        node.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/" + path) { Headers = { { "X-Api-Key", Node.ApiKey } } });
}
