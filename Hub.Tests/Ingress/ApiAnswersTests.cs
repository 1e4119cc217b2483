using System.Net;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress;

/// <summary>What every answer below <c>/api</c> has in common, whoever made it.</summary>
public sealed class ApiAnswersTests(InMemoryNode node) : IClassFixture<InMemoryNode>
{
    private static readonly string[] Paths =
    [
        "/api/tokens", "/api/users/alice/messages", "/api/groups/room1/messages", "/api/everyone/messages", "/api/messages",
        "/api", "/api/", "/api/nothing", "/api/users", "/api/users/alice", "/api/users//messages", "/api/users/alice/messages/more", "/API/Tokens",
        "/api/users/", "/api/users/status", "/api/groups/room1/members", "/api/nodes",
        "/api/users/alice/messages/7-7", "/api/groups/room1/messages/7-7", "/api/explain", "/api/load", "/api/settings",
    ];

    private static readonly string[] Bodies =
    [
        """{"sub":"alice"}""", """{"type":"t"}""", """{"messages":[{"address":"everyone","type":"t"}]}""", "{", "", new string('x', 5 * 1024 * 1024),
    ];

    [Fact]
    public async Task No_answer_may_be_cached()
    {
        foreach (var method in (string[])["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"])
        {
            foreach (var path in Paths)
            {
                ShouldNotBeCached(await SendAsync(method, path, Node.ApiKey), $"{method} {path}");
                ShouldNotBeCached(await SendAsync(method, path, key: null), $"{method} {path} without a key");
            }
        }

        foreach (var (path, body) in Paths.SelectMany(path => Bodies, (path, body) => (path, body)))
        {
            ShouldNotBeCached(await SendAsync("POST", path, Node.ApiKey, body), $"POST {path} {body[..Math.Min(body.Length, 20)]}");
            ShouldNotBeCached(await SendAsync("POST", path, Node.ApiKey, body, "text/plain"), $"POST {path} as text");
        }
    }

    [Fact]
    public async Task Another_method_is_refused_and_told_which_to_use()
    {
        foreach (var method in (string[])["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
        {
            foreach (var path in Paths[..5])
            {
                var answer = await SendAsync(method, path, Node.ApiKey);

                await answer.ShouldBeRefusedAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
                answer.Content.Headers.Allow.Should().Equal("POST");
            }
        }
    }

    [Theory]
    [InlineData("/api/users", "GET")]
    [InlineData("/api/users/alice", "GET")]
    [InlineData("/api/users/status", "GET, POST")]
    [InlineData("/api/groups/room1/members", "GET")]
    [InlineData("/api/nodes", "GET")]
    [InlineData("/api/users/alice/messages/7-7", "GET")]
    [InlineData("/api/groups/room1/messages/7-7", "GET")]
    [InlineData("/api/users/alice/follow", "GET")]
    [InlineData("/api/explain", "GET")]
    [InlineData("/api/load", "GET")]
    [InlineData("/api/settings", "GET")]
    public async Task A_path_that_is_read_says_so_to_other_methods(string path, string allowed)
    {
        foreach (var method in (string[])["PUT", "PATCH", "DELETE", "OPTIONS"])
        {
            var answer = await SendAsync(method, path, Node.ApiKey);

            await answer.ShouldBeRefusedAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
            string.Join(", ", answer.Content.Headers.Allow).Should().Be(allowed);
        }
    }

    [Fact]
    public async Task A_path_that_is_not_there_is_refused()
    {
        foreach (var path in (string[])["/api", "/api/", "/api/nothing", "/api/groups", "/api/groups/room1", "/api/users/alice/messages/7-7/more"])
        {
            await (await SendAsync("GET", path, Node.ApiKey)).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "not_found");
            await (await SendAsync("POST", path, Node.ApiKey)).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "not_found");
        }
    }

    [Fact]
    public async Task Who_has_no_key_learns_nothing_of_what_is_there()
    {
        foreach (var path in Paths)
        {
            await (await SendAsync("GET", path, key: null)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "key_refused");
            await (await SendAsync("POST", path, "a wrong one", Bodies[^1])).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "key_refused");
        }
    }

    [Fact]
    public async Task Without_any_configured_key_there_is_nothing_not_even_to_be_cached()
    {
        await using var shut = new Node(("Api:Keys:tests", Node.Unset), ("environment", "Production"));

        foreach (var path in Paths)
        {
            var answer = await shut.Client.SendAsync(Request("POST", path, Node.ApiKey, "{}", "application/json"));
            answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
            ShouldNotBeCached(answer, path);
        }

        (await shut.Client.GetAsync("/openapi/v1.json")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await shut.Client.GetAsync("/openapi/")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private static void ShouldNotBeCached(HttpResponseMessage answer, string what)
    {
        answer.Headers.CacheControl?.NoStore.Should().BeTrue(what);
        answer.Headers.CacheControl.Should().NotBeNull(what);
        answer.Headers.ETag.Should().BeNull(what);
        answer.Content.Headers.LastModified.Should().BeNull(what);
        answer.Content.Headers.Expires.Should().BeNull(what);
    }

    private Task<HttpResponseMessage> SendAsync(string method, string path, string? key, string body = "{}", string type = "application/json") =>
        node.Node.Client.SendAsync(Request(method, path, key, method is "GET" or "HEAD" ? null : body, type));

    private static HttpRequestMessage Request(string method, string path, string? key, string? body, string type)
    {
        var request = new HttpRequestMessage(
            new HttpMethod(method), path)
        { Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, type) };
        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        return request;
    }
}
