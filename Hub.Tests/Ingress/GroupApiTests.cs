using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress;

/// <summary>Groups that last, over HTTP.</summary>
public sealed class GroupApiTests(InMemoryNode node) : IClassFixture<InMemoryNode>
{
    private readonly string _user = $"a/b {Guid.NewGuid():N}";
    private readonly string _group = $"r/1 {Guid.NewGuid():N}";

    private string Path => $"/api/groups/{Uri.EscapeDataString(_group)}/users/{Uri.EscapeDataString(_user)}";

    private string Listed => $"/api/users/{Uri.EscapeDataString(_user)}/groups";

    [Fact]
    public async Task A_backend_puts_a_user_into_a_group_and_takes_him_out_and_the_log_names_the_backend()
    {
        using var socket = await RawSocket.OpenAsync(node.Node, await node.Node.MintAsync(_user), "?heads=true");
        await socket.ReadMessageAsync();

        (await AnswerAsync(HttpMethod.Put, Path)).Should().Be("""{"connections":1}""");
        (await socket.ReadMessageAsync()).Should().Contain($"group:{_group}", "it is told the head");
        (await AnswerAsync(HttpMethod.Get, Listed)).Should().Be($$"""{"groups":[{"group":"{{_group}}"}]}""");
        (await AnswerAsync(HttpMethod.Get, $"/api/groups/{Uri.EscapeDataString(_group)}/members")).Should().Contain($"\"{_user}\"");
        (await AnswerAsync(HttpMethod.Delete, Path)).Should().Be("""{"connections":1}""");
        (await AnswerAsync(HttpMethod.Get, Listed)).Should().Be("""{"groups":[]}""");

        node.Node.Log.Lines.Should().Contain(line => line.Contains($"api/tests has put user {_user} into group {_group}; 1 connections follow."))
            .And.Contain(line => line.Contains($"api/tests has taken user {_user} out of group {_group}; 1 connections follow."));
    }

    [Theory]
    [InlineData("2099-01-31T12:00:00Z", "2099-01-31T12:00:00+00:00")]
    [InlineData("2099-01-31T12:00:00.25Z", "2099-01-31T12:00:00.25+00:00")]
    [InlineData("2099-01-31T12:00:00%2B02:00", "2099-01-31T10:00:00+00:00")]
    public async Task An_end_is_read_as_a_time_with_its_offset(string said, string kept)
    {
        (await AnswerAsync(HttpMethod.Put, $"{Path}?until={said}")).Should().Be("""{"connections":0}""");

        (await AnswerAsync(HttpMethod.Get, Listed)).Should().Contain($"\"until\":\"{kept}\"");
    }

    [Theory]
    [InlineData("PUT", "/api/groups/room1/users/alice?until=", "query_invalid")]
    [InlineData("PUT", "/api/groups/room1/users/alice?until=soon", "query_invalid")]
    [InlineData("PUT", "/api/groups/room1/users/alice?until=2001-01-31T12:00:00Z", "query_invalid")]
    [InlineData("PUT", "/api/groups/room1/users/alice?until=2099-01-31", "query_invalid")]
    [InlineData("PUT", "/api/groups/room1/users/alice?until=2099-01-31T12:00:00", "query_invalid")]
    [InlineData("PUT", "/api/groups/room1/users/alice?until=2099-01-31T12:00:00Z&until=2099-01-31T12:00:00Z", "query_invalid")]
    [InlineData("PUT", "/api/groups/room1/users/%07", "name_invalid")]
    [InlineData("DELETE", "/api/groups/%07/users/alice", "name_invalid")]
    [InlineData("DELETE", "/api/groups/room1/users/", "name_invalid")]
    [InlineData("GET", "/api/users/%07/groups", "name_invalid")]
    public async Task What_is_no_order_is_refused(string method, string path, string code) =>
        await (await SendAsync(new HttpMethod(method), path)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, code);

    [Fact]
    public async Task A_user_is_in_a_thousand_of_them_at_the_most()
    {
        for (var number = 0; number < 1_000; number++)
        {
            await AnswerAsync(HttpMethod.Put, $"/api/groups/g{number}/users/{Uri.EscapeDataString(_user)}");
        }

        await (await SendAsync(HttpMethod.Put, Path)).ShouldBeRefusedAsync(HttpStatusCode.Conflict, "groups_full");
    }

    [Fact]
    public async Task A_key_that_may_only_read_changes_nothing()
    {
        await using var reading = new Node(("Api:Scopes:tests", "read"));

        await (await SendAsync(HttpMethod.Put, Path, reading)).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "scope_missing");
        await (await SendAsync(HttpMethod.Delete, Path, reading)).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "scope_missing");
        (await SendAsync(HttpMethod.Get, Listed, reading)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private async Task<string> AnswerAsync(HttpMethod method, string path)
    {
        var answer = await SendAsync(method, path);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetRawText();
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, Node? to = null) => (to ?? node.Node).Client.SendAsync(
        new HttpRequestMessage(method, path) { Headers = { { "X-Api-Key", Node.ApiKey } } });
}
