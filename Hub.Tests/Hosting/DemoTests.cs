using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Presence;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Hosting;

/// <summary>What the demo page does without a key, and who else may not.</summary>
public sealed class DemoTests(InMemoryNode fixture) : IClassFixture<InMemoryNode>
{
    private readonly string _user = $"user-{Guid.NewGuid():N}";

    public static TheoryData<string, string> Requests => new()
    {
        { "POST", "/demo/token?user=alice" },
        { "POST", "/demo/users/alice/messages" },
        { "GET", "/demo/users" },
        { "GET", "/demo/users/alice" },
        { "GET", "/demo/users/alice/groups" },
        { "GET", "/demo/nodes" },
        { "POST", "/demo/nodes/any/drain" },
        { "DELETE", "/demo/users/alice/connections" },
        { "DELETE", "/demo/users/alice/connections/any" },
        { "POST", "/demo/users/alice/connections/renew" },
        { "POST", "/demo/connections/end" },
        { "PUT", "/demo/users/alice/ban" },
        { "DELETE", "/demo/users/alice/ban" },
        { "PUT", "/demo/groups/room1/users/alice" },
        { "DELETE", "/demo/groups/room1/users/alice" },
    };

    [Fact]
    public async Task It_sees_who_is_online_and_ends_them_and_the_log_says_that_it_was_the_demo()
    {
        await using var client = fixture.Node.ClientFor(_user);
        await ConnectAsync(client, _user);

        (await AskAsync(fixture.Node, "GET", $"/demo/users/{_user}")).GetProperty("online").GetBoolean().Should().BeTrue();
        (await AskAsync(fixture.Node, "DELETE", $"/demo/users/{_user}/connections")).GetProperty("ended").GetInt32().Should().Be(1);

        await Eventually.HoldsAsync(async () => !(await AskAsync(fixture.Node, "GET", $"/demo/users/{_user}")).GetProperty("online").GetBoolean());
        fixture.Node.Log.Lines.Should().ContainSingle(line => line.Contains("demo page") && line.Contains(_user));
    }

    [Fact]
    public async Task Its_tokens_let_a_connection_stay_for_an_hour()
    {
        await using var client = fixture.Node.ClientFor(async () => (await AskAsync(fixture.Node, "POST", $"/demo/token?user={_user}")).GetProperty("token").GetString());
        await ConnectAsync(client, _user);

        var connection = (await Connections.GetAsync(_user)).Connections.Single();

        connection.Expires.Should().BeCloseTo(connection.Since!.Value.AddHours(1), TimeSpan.FromMinutes(1));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Nothing_of_it_answers_to_a_page_of_another_site(string method, string path)
    {
        await (await SendAsync(fixture.Node, method, path, ("Sec-Fetch-Site", "cross-site"))).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "origin_refused");
        await (await SendAsync(fixture.Node, method, path, ("Sec-Fetch-Site", "same-site"))).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "origin_refused");
        await (await SendAsync(fixture.Node, method, path, ("Origin", "https://evil.example"))).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "origin_refused");
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Nothing_of_it_answers_under_another_name(string method, string path) =>
        await (await SendAsync(fixture.Node, method, path, ("Host", "evil.example"))).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "host_refused");

    [Fact]
    public async Task Nothing_of_it_answers_to_another_machine_whatever_name_that_says()
    {
        await using var node = new Node(("Proxies:Known:0", "127.0.0.1"));

        foreach (var (method, path) in Requests.Select(row => ((string)row[0], (string)row[1])).Append(("GET", "/")).Append(("GET", "/demo.js")))
        {
            (await SendAsync(node, method, path, ("Host", "localhost"), ("X-Forwarded-For", "127.0.0.2"))).StatusCode.Should()
                .NotBe(HttpStatusCode.Forbidden);
            await (await SendAsync(node, method, path, ("Host", "localhost"), ("X-Forwarded-For", "10.0.0.7")))
                .ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "host_refused");
        }
    }

    [Fact]
    public async Task Who_leaves_out_the_id_of_a_connection_ends_none()
    {
        await using var client = fixture.Node.ClientFor(_user);
        await ConnectAsync(client, _user);

        var answer = await SendAsync(fixture.Node, "DELETE", $"/demo/users/{_user}/connections/");

        await answer.ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "name_invalid");
        (await AskAsync(fixture.Node, "GET", $"/demo/users/{_user}")).GetProperty("online").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task A_name_that_needs_escapes_is_that_user_and_no_other()
    {
        await using var client = fixture.Node.ClientFor($"{_user}/Zoë");
        await ConnectAsync(client, $"{_user}/Zoë");

        (await AskAsync(fixture.Node, "DELETE", $"/demo/users/{_user}%2FZo%C3%AB/connections")).GetProperty("ended").GetInt32().Should().Be(1);
    }

    private IConnections Connections => fixture.Node.Services.GetRequiredService<IConnections>();

    /// <summary>A stock client has started a moment before it is attached.</summary>
    private async Task ConnectAsync(HubConnection client, string user)
    {
        await client.StartAsync();
        await Eventually.HoldsAsync(async () => (await Connections.GetAsync(user)).Online);
    }

    private static async Task<JsonElement> AskAsync(Node node, string method, string path)
    {
        var answer = await SendAsync(node, method, path);
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static Task<HttpResponseMessage> SendAsync(Node node, string method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = method is "POST" or "PUT" ? JsonContent.Create(new { type = "t" }) : null;
        Array.ForEach(headers, header => request.Headers.TryAddWithoutValidation(header.Name, header.Value));
        return node.Client.SendAsync(request);
    }
}
