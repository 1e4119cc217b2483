using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress;

/// <summary>Names that the server is asked by, and does not believe.</summary>
public sealed class HostTests(InMemoryNode fixture) : IClassFixture<InMemoryNode>
{
    [Theory]
    [InlineData("/openapi/v1.json")]
    [InlineData("/openapi/")]
    public async Task What_is_open_without_a_key_answers_to_names_that_nobody_can_point_elsewhere(string path)
    {
        foreach (var host in (string[])["localhost", "localhost:1234", "hub.localhost", "127.0.0.1", "[::1]:80", "10.0.0.7:5080"])
        {
            (await GetAsync(fixture.Node, path, host)).StatusCode.Should().Be(HttpStatusCode.OK, host);
        }

        foreach (var host in (string[])["evil.example", "localhost.evil.example", "evil.example:80", "127.0.0.1.evil.example"])
        {
            var answer = await GetAsync(fixture.Node, path, host);

            await answer.ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "host_refused");
            (await answer.Content.ReadAsStringAsync()).Should().NotContain("evil");
        }
    }

    [Fact]
    public async Task The_document_of_the_API_repeats_no_name_that_it_was_asked_by()
    {
        var asked = await GetAsync(fixture.Node, "/openapi/v1.json", "spoofed.localhost:8443");

        (await asked.Content.ReadAsStringAsync()).Should().NotContain("spoofed").And.NotContain("\"servers\"");
    }

    [Theory]
    [InlineData("", "127.0.0.1:5080", "http://127.0.0.1:5080/docs/protocol.md")]
    [InlineData("", "localhost", "http://localhost/docs/protocol.md")]
    [InlineData("", "evil.example", null)]
    [InlineData("hub.example.com", "hub.example.com", "http://hub.example.com/docs/protocol.md")]
    public async Task A_refusal_says_where_its_page_stands_unless_that_repeats_a_name_that_nobody_knows(
        string allowed, string host, string? page)
    {
        await using var node = new Node(("AllowedHosts", allowed));

        var refusal = await (await SendAsync(node, "POST", "/api/tokens", host)).Content.ReadFromJsonAsync<JsonElement>();

        (refusal.TryGetProperty("documentation", out var documentation) ? documentation.GetString() : null).Should().Be(page);
        if (page is not null)
        {
            (await (await GetAsync(node, new Uri(page).AbsolutePath, host)).Content.ReadAsStringAsync()).Should()
                .Be(Documentation.Page.Text("docs/protocol.md"));
        }
    }

    [Fact]
    public async Task With_AllowedHosts_no_other_name_is_answered_to()
    {
        await using var node = new Node(("AllowedHosts", "hub.example.com;*.example.org"));

        foreach (var (host, status) in new[]
        {
            ("hub.example.com", 200), ("HUB.example.com:8443", 200), ("a.example.org", 200), ("127.0.0.1", 200), ("localhost", 200),
            ("evil.example", 400), ("example.org", 400), ("evilexample.org", 400), ("hub.example.com.evil.example", 400),
        })
        {
            foreach (var path in (string[])["/health/live", "/openapi/v1.json", "/realtimehub.js"])
            {
                ((int)(await GetAsync(node, path, host)).StatusCode).Should().Be(status, $"{host}{path}");
            }
        }
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/index.html")]
    [InlineData("GET", "/demo.js")]
    [InlineData("POST", "/demo/token?user=alice")]
    [InlineData("POST", "/demo/users/alice/messages")]
    public async Task The_demo_answers_to_this_machine_only(string method, string path)
    {
        foreach (var host in (string[])["evil.example", "10.0.0.7", "localhost.evil.example"])
        {
            await (await SendAsync(fixture.Node, method, path, host)).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "host_refused");
        }

        foreach (var host in (string[])["localhost:5080", "demo.localhost", "127.0.0.1", "[::1]"])
        {
            (await SendAsync(fixture.Node, method, path, host)).IsSuccessStatusCode.Should().BeTrue();
        }
    }

    [Theory]
    [InlineData("/demo/token?user=alice")]
    [InlineData("/demo/users/alice/messages")]
    public async Task No_page_of_another_site_uses_the_demo(string path)
    {
        var crossSite = await SendAsync(fixture.Node, "POST", path, "localhost", ("Sec-Fetch-Site", "cross-site"));
        var foreign = await SendAsync(fixture.Node, "POST", path, "localhost", ("Origin", "https://evil.example"));

        await crossSite.ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "origin_refused");
        await foreign.ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "origin_refused");
    }

    [Fact]
    public async Task A_name_that_is_no_UTF_8_is_nobody_in_the_demo_either() =>
        await (await SendAsync(fixture.Node, "POST", "/demo/token?user=Zo%EB", "localhost")).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "name_invalid");

    private static Task<HttpResponseMessage> GetAsync(Node node, string path, string host) => SendAsync(node, "GET", path, host);

    private static Task<HttpResponseMessage> SendAsync(
        Node node, string method, string path, string host, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { Host = host } };
        request.Content = method == "POST" ? JsonContent.Create(new { type = "t" }) : null;
        Array.ForEach(headers, header => request.Headers.TryAddWithoutValidation(header.Name, header.Value));
        return node.Client.SendAsync(request);
    }
}
