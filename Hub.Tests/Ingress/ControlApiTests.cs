using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress;

/// <summary>Ending connections over HTTP.</summary>
public sealed class ControlApiTests(InMemoryNode node) : IClassFixture<InMemoryNode>
{
    private readonly string _user = $"a/b {Guid.NewGuid():N}";

    private string Path => $"/api/users/{Uri.EscapeDataString(_user)}";

    [Fact]
    public async Task A_backend_ends_a_user_with_its_reason_and_the_log_names_the_backend()
    {
        using var socket = await OpenAsync();

        var answer = await SendAsync(HttpMethod.Delete, $"{Path}/connections?reason=Signed%20out.&mayComeBack=false");

        answer.GetProperty("ended").GetInt32().Should().Be(1);
        answer.GetProperty("epoch").GetInt64().Should().BePositive();
        (await socket.ReadToEndAsync()).Should().Contain("""{"type":7,"error":"ended: Signed out."}""");
        node.Node.Log.Lines.Should().Contain(line => line.Contains($"api/tests has ended 1 connections of user {_user}.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_backend_bans_a_user_who_is_not_connected_and_lets_him_in_again()
    {
        var banned = await SendAsync(HttpMethod.Put, $"{Path}/ban", new { until = "2099-01-31T12:00:00Z", reason = "Spam." });
        banned.GetRawText().Should().Be("""{"ended":0,"until":"2099-01-31T12:00:00+00:00"}""");
        using var refused = await RawSocket.OpenAsync(node.Node, await node.Node.MintAsync(_user));
        (await refused.ReadToEndAsync()).Should().Contain("""{"type":7,"error":"banned: Spam."}""");

        (await SendAsync(HttpMethod.Delete, $"{Path}/ban")).GetRawText().Should().Be("""{"ended":0}""");

        using var socket = await OpenAsync();
    }

    [Fact]
    public async Task A_backend_has_a_user_and_a_session_renewed_and_the_log_names_the_backend()
    {
        using var socket = await OpenAsync();

        var user = await SendAsync(HttpMethod.Post, $"{Path}/connections/renew");
        var session = await SendAsync(HttpMethod.Post, $"{Path}/sessions/none/renew");

        user.GetProperty("asked").GetInt32().Should().Be(1);
        session.GetProperty("asked").GetInt32().Should().Be(0);
        session.GetProperty("epoch").GetInt64().Should().BeGreaterThan(user.GetProperty("epoch").GetInt64());
        node.Node.Log.Lines.Should().Contain(
            line => line.Contains($"api/tests has asked 1 connections of user {_user} to renew.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DELETE", "/api/users/nobody/connections/none")]
    [InlineData("DELETE", "/api/users/nobody/ban")]
    public async Task What_nobody_has_is_ended_0_times(string method, string path) =>
        (await SendAsync(new HttpMethod(method), path)).GetRawText().Should().Be("""{"ended":0}""");

    [Theory]
    [InlineData("DELETE", "/api/users/alice/connections/", null, "name_invalid")]
    [InlineData("DELETE", "/api/users/alice/sessions/", null, "name_invalid")]
    [InlineData("POST", "/api/users/alice/sessions/%0a/renew", null, "name_invalid")]
    [InlineData("DELETE", "/api/users/alice/connections?mayComeBack=perhaps", null, "query_invalid")]
    [InlineData("DELETE", "/api/users/alice/connections?reason=", null, "query_invalid")]
    [InlineData("DELETE", "/api/users/alice/connections?reason=a&reason=b", null, "query_invalid")]
    [InlineData("POST", "/api/connections/end", """{"label":""}""", "body_invalid")]
    [InlineData("POST", "/api/connections/end", """{"reason":"no label"}""", "body_invalid")]
    [InlineData("PUT", "/api/users/alice/ban", """{"until":"2001-01-31T12:00:00Z"}""", "body_invalid")]
    [InlineData("PUT", "/api/users/alice/ban", """{"until":"soon"}""", "body_invalid")]
    public async Task What_is_no_order_is_refused(string method, string path, string? body, string code) =>
        await (await node.Node.Client.SendAsync(Request(new HttpMethod(method), path, body)))
            .ShouldBeRefusedAsync(HttpStatusCode.BadRequest, code);

    [Fact]
    public async Task A_key_that_may_only_read_ends_nobody()
    {
        await using var reading = new Node(("Api:Scopes:tests", "read"));

        foreach (var (method, path, body) in ((string, string, string?)[])[
            ("DELETE", "/api/users/alice/connections", null), ("DELETE", "/api/users/alice/connections/c", null),
            ("DELETE", "/api/users/alice/sessions/s", null), ("POST", "/api/users/alice/connections/renew", null),
            ("POST", "/api/users/alice/sessions/s/renew", null),
            ("POST", "/api/connections/end", """{"label":"l"}"""), ("PUT", "/api/users/alice/ban", """{"until":"2099-01-31T12:00:00Z"}"""),
            ("DELETE", "/api/users/alice/ban", null)])
        {
            await (await reading.Client.SendAsync(Request(new HttpMethod(method), path, body)))
                .ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "scope_missing");
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? body) => new(method, path)
    {
        Headers = { { "X-Api-Key", Node.ApiKey } },
        Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
    };

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body = null)
    {
        var answer = await node.Node.Client.SendAsync(Request(method, path, body is null ? null : JsonSerializer.Serialize(body)));
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<RawSocket> OpenAsync()
    {
        var socket = await RawSocket.OpenAsync(node.Node, await node.Node.MintAsync(_user), "?heads=true");
        (await socket.ReadMessageAsync()).Should().Contain("\"Heads\"");
        return socket;
    }
}
