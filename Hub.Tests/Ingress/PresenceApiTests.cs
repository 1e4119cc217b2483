using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress;

/// <summary>Who is connected, as a backend asks over HTTP.</summary>
public sealed class PresenceApiTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Theory]
    [InlineData("status")]
    [InlineData("a/b ë%2F?")]
    [InlineData("connections")]
    public async Task A_user_of_any_name_is_shown_with_his_connections(string user)
    {
        await using var client = nodes.First.ClientFor(user, skipNegotiation: true);
        await client.StartAsync();

        await Eventually.HoldsAsync(async () => (await GetAsync($"users/{Uri.EscapeDataString(user)}")).GetProperty("online").GetBoolean());

        var shown = await GetAsync($"users/{Uri.EscapeDataString(user)}");
        shown.GetProperty("user").GetString().Should().Be(user);
        var connection = shown.GetProperty("connections").EnumerateArray().Single();
        connection.EnumerateObject().Select(property => property.Name).Should().Equal("id", "node", "since", "transport", "client", "labels");
    }

    [Fact]
    public async Task Nobody_is_an_answer_and_no_mistake()
    {
        (await GetAsync("users/nobody")).GetRawText().Should().Be("""{"user":"nobody","online":false,"connections":[]}""");
        (await GetAsync("groups/nothing/members")).GetRawText().Should().Be("""{"users":[]}""");
    }

    [Fact]
    public async Task A_list_is_walked_through_page_by_page()
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => ConnectedAsync($"walker {number:00}", "walkers")));
        await Eventually.HoldsAsync(async () => (await GetAsync("groups/walkers/members")).GetProperty("users").GetArrayLength() == clients.Length);

        foreach (var path in (string[])["users", "groups/walkers/members"])
        {
            var (walked, next) = (new List<string>(), "");
            do
            {
                var page = await GetAsync($"{path}?limit=5&cursor={Uri.EscapeDataString(next)}");
                walked.AddRange(page.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("user").GetString()!));
                next = page.TryGetProperty("next", out var cursor) ? cursor.GetString()! : "";
            }
            while (next != "");

            walked.Where(user => user.StartsWith("walker", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Should()
                .Equal(Enumerable.Range(0, 12).Select(number => $"walker {number:00}"), path);
        }

        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Every_living_node_is_listed()
    {
        var listed = (await GetAsync("nodes")).GetProperty("nodes").EnumerateArray().ToList();

        listed.Should().HaveCount(2).And.OnlyContain(node => node.GetProperty("answers").GetBoolean());
    }

    [Theory]
    [InlineData("users?limit=0", "query_invalid")]
    [InlineData("users?limit=1001", "query_invalid")]
    [InlineData("users?limit=", "query_invalid")]
    [InlineData("users?limit=1&limit=2", "query_invalid")]
    [InlineData("users?limit=-1", "query_invalid")]
    [InlineData("users?cursor=nothing", "query_invalid")]
    [InlineData("groups/room1/members?limit=x", "query_invalid")]
    [InlineData("users/%07", "name_invalid")]
    [InlineData("users/%EB", "name_invalid")]
    [InlineData("users/", "name_invalid")]
    [InlineData("users//", "name_invalid")]
    [InlineData("groups//members", "name_invalid")]
    [InlineData("groups/%07/members", "name_invalid")]
    public async Task What_is_no_question_is_refused_with_a_reason(string path, string code) =>
        await (await AskAsync(HttpMethod.Get, path)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, code);

    [Theory]
    [InlineData("""{"users":[]}""")]
    [InlineData("""{"users":["alice","a\nb"]}""")]
    [InlineData("""{"users":"alice"}""")]
    [InlineData("""{"users":[null]}""")]
    [InlineData("""{}""")]
    public async Task A_question_about_no_users_or_no_names_is_refused(string body) =>
        await (await AskAsync(HttpMethod.Post, "users/status", body)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "body_invalid");

    [Fact]
    public async Task Up_to_a_thousand_users_are_told_of_at_once()
    {
        var thousand = JsonSerializer.Serialize(new { users = Enumerable.Range(0, 1_000).Select(number => $"{number}") });
        var one = JsonSerializer.Serialize(new { users = Enumerable.Range(0, 1_001).Select(number => $"{number}") });

        var told = await (await AskAsync(HttpMethod.Post, "users/status", thousand)).Content.ReadFromJsonAsync<JsonElement>();

        told.GetProperty("users").GetArrayLength().Should().Be(1_000);
        await (await AskAsync(HttpMethod.Post, "users/status", one)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "body_invalid");
    }

    [Fact]
    public async Task A_key_is_good_for_what_its_scopes_say()
    {
        await using var node = new Node(
            ("Api:Keys:reader", Node.Sha256("r")), ("Api:Scopes:reader", "read"), ("Api:Keys:shop", Node.Sha256("s")), ("Api:Scopes:shop", "publish, mint"));

        (await AskAsync(HttpMethod.Get, "users", key: "r", of: node)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await AskAsync(HttpMethod.Post, "tokens", """{"sub":"alice"}""", "s", node)).StatusCode.Should().Be(HttpStatusCode.Created);
        (await AskAsync(HttpMethod.Post, "everyone/messages", """{"type":"t"}""", "s", node)).StatusCode.Should().Be(HttpStatusCode.Accepted);
        (await AskAsync(HttpMethod.Get, "users", of: node)).StatusCode.Should().Be(HttpStatusCode.OK, "without scopes a key may do everything");
        foreach (var refused in (HttpResponseMessage[])
        [
            await AskAsync(HttpMethod.Get, "users", key: "s", of: node),
            await AskAsync(HttpMethod.Get, "users/status", key: "s", of: node),
            await AskAsync(HttpMethod.Post, "tokens", """{"sub":"alice"}""", "r", node),
            await AskAsync(HttpMethod.Post, "messages", """{"messages":[{"address":"everyone","type":"t"}]}""", "r", node),
            await AskAsync(HttpMethod.Post, "users/alice/messages", """{"type":"t"}""", "r", node),
        ])
        {
            await refused.ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "scope_missing");
        }
    }

    [Fact]
    public async Task While_Redis_is_away_the_answer_is_503()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = Node.On(redis);
        (await AskAsync(HttpMethod.Get, "users", of: node)).StatusCode.Should().Be(HttpStatusCode.OK);
        redis.Kill();

        foreach (var path in (string[])["users", "users/alice", "groups/room1/members", "nodes"])
        {
            await (await AskAsync(HttpMethod.Get, path, of: node)).ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, "store_unavailable");
        }
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        var answer = await AskAsync(HttpMethod.Get, path);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <remarks>Asks the node that clients do not connect to.</remarks>
    private Task<HttpResponseMessage> AskAsync(
        HttpMethod method, string path, string? body = null, string key = Node.ApiKey, Node? of = null) =>
        (of ?? nodes.Second).Client.SendAsync(new HttpRequestMessage(method, "/api/" + path)
        {
            Headers = { { "X-Api-Key", key } },
            Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        });

    private async Task<HubConnection> ConnectedAsync(string user, string group)
    {
        var client = nodes.First.ClientFor(async () => await nodes.First.MintAsync(user, group), skipNegotiation: true);
        await client.StartAsync();
        return client;
    }
}
