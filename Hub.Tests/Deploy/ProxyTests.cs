using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Delivery;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Deploy;

/// <summary>What the files in <c>deploy/</c> make of each proxy.</summary>
public abstract partial class ProxyTests(TwoNodes nodes) : IClassFixture<TwoNodes>, IAsyncLifetime
{
    private const int Many = 24;

    private Proxy _proxy = null!;

    public static TheoryData<HttpTransportType, bool> Transports => new()
    {
        { HttpTransportType.WebSockets, true },
        { HttpTransportType.WebSockets, false },
        { HttpTransportType.ServerSentEvents, false },
        { HttpTransportType.LongPolling, false },
    };

    /// <summary>Operators' paths in spellings that a proxy lets through if it compares what it has not normalised.</summary>
    public static TheoryData<string> Spellings =>
    [
        "/api/../health/live", "/api/../health/ready", "/api/../metrics", "/api/../openapi/v1.json", "/api/./../health/live", "/api/x/../../health/live",
        "/api/users/alice/../../../health/live", "/api//../health/live", "/api/..//health/live", "/api/%2e%2e/health/live", "/api/%2E%2E/health/ready",
        "/api/.%2e/health/live", "/api/%2e./openapi/v1.json", "/api/%2e%2e%2fhealth/live", "/api/..%2Fhealth/live", "/api/..\\health/live", "/api/..%5Chealth/live",
        "/api/..;/health/live", "/api/..%3B/health/live", "/api/;/../../health/live", "/api/%252e%252e/health/live", "/api/%zz/../../health/live", "/api/%/../../health/live",
        "/hub/../health/live", "/hub/negotiate/../../health/live", "/realtimehub.js/../health/live", "/./health/live", "//health/live", "/%68ealth/live", "/HEALTH/live",
        "http://hub.example/api/../health/live", "http://hub.example/health/live",
    ];

    private protected Proxy Proxy => _proxy;

    public async Task InitializeAsync() => _proxy = await StartAsync(nodes.First.Address.Port, nodes.Second.Address.Port);

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Many_clients_are_spread_over_both_nodes_and_each_receives_its_push(HttpTransportType transport, bool skipNegotiation)
    {
        string[] users = [.. Enumerable.Range(0, Many).Select(number => $"{transport} {skipNegotiation} {number}")];
        HubConnection[] clients = [.. users.Select(user => ClientFor(user, transport, skipNegotiation))];
        var received = new List<Received>();
        foreach (var client in clients)
        {
            received.Add(await Received.ByAsync(client));
        }

        await Task.WhenAll(users.Select(user => nodes.First.Publisher.PublishAsync(Address.User(user), "hello", user)));

        foreach (var (user, inbox) in users.Zip(received))
        {
            (await inbox.NextAsync()).GetProperty("payload").GetString().Should().Be(user);
        }

        users.Select(NodeOf).Should().Contain(nodes.First).And.Contain(nodes.Second);
        StatusesIn(_proxy.Log).Should().NotContain(404, "no request may come to a node that does not know its connection");
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Without_negotiation_the_next_client_goes_to_the_node_that_has_fewer_though_both_bring_one_cookie()
    {
        using var negotiated = await NegotiateAsync(await nodes.First.MintAsync("alice"));
        var cookies = new CookieContainer();
        cookies.SetCookies(new Uri(_proxy.Address, "hub"), negotiated.Headers.GetValues("Set-Cookie").Single());

        await using var first = ClientFor("first of two", HttpTransportType.WebSockets, skipNegotiation: true, cookies);
        await using var second = ClientFor("second of two", HttpTransportType.WebSockets, skipNegotiation: true, cookies);
        await Received.ByAsync(first);
        await Received.ByAsync(second);

        cookies.Count.Should().Be(1);
        NodeOf("first of two").Should().NotBeNull().And.NotBe(NodeOf("second of two"));
    }

    [Fact]
    public async Task Without_negotiation_no_client_is_bound_to_a_node()
    {
        using var upgraded = await UpgradeAsync(await nodes.First.MintAsync("alice"));

        upgraded.StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);
        upgraded.Headers.Contains("Set-Cookie").Should().BeFalse();
    }

    [Fact]
    public async Task A_negotiation_is_given_a_cookie_that_no_script_and_no_other_site_gets_at()
    {
        using var negotiated = await NegotiateAsync(await nodes.First.MintAsync("alice"));

        var cookie = negotiated.Headers.GetValues("Set-Cookie").Should().ContainSingle().Subject;
        cookie.Should().StartWith("hub_node=").And.Contain("HttpOnly").And.Contain("SameSite=Lax");
        using var again = await NegotiateAsync(await nodes.First.MintAsync("alice"), ("Cookie", cookie.Split(';')[0]));
        again.Headers.Contains("Set-Cookie").Should().BeFalse();
    }

    [Fact]
    public async Task A_page_of_the_proxy_is_a_page_of_the_hub_and_another_is_not()
    {
        var token = await nodes.First.MintAsync("alice");

        using var foreign = await NegotiateAsync(token, ("Origin", "http://127.0.0.1"));
        using var own = await NegotiateAsync(token, ("Origin", _proxy.Address.GetLeftPart(UriPartial.Authority)));

        foreign.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        own.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    public async Task What_is_for_operators_is_not_passed_on(string path)
    {
        using var answer = await _proxy.Client.GetAsync(path);

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).Should().NotContain("ealt");
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task What_is_for_operators_is_not_had_by_another_spelling(string target)
    {
        var (status, answer) = await RawHttp.GetAsync(_proxy.Address, target);

        status.Should().BeOneOf([400, 404], answer);
        answer.Should().NotContainAny("Healthy", "TokenRecord");
    }

    [Fact]
    public async Task Backends_and_pages_get_what_they_ask_for()
    {
        using var published = await _proxy.Client.SendAsync(Node.Api("/api/users/alice/messages", new { type = "hello" }));
        using var large = await _proxy.Client.SendAsync(Node.Api("/api/users/alice/messages", new { type = "hello", payload = new string('x', 4_000_000) }));

        published.StatusCode.Should().Be(HttpStatusCode.Accepted);
        (await large.Content.ReadAsStringAsync()).Should().Contain("body_too_large", "it is for the hub to say what is too large");
        (await _proxy.Client.GetStringAsync("/realtimehub.js")).Should().Contain("export");
        (await _proxy.Client.GetStringAsync("/docs/protocol.md")).Should().StartWith("# Protocol");
    }

    [Fact]
    public async Task The_log_tells_what_was_asked_and_how_it_ended_but_no_query_string()
    {
        var token = await nodes.First.MintAsync("alice");
        using var refused = await _proxy.Client.GetAsync($"/hub?access_token={token}&id=0123456789abcdefghijkl");

        await Eventually.HoldsAsync(() => Task.FromResult(StatusesIn(_proxy.Log).Contains(404)));
        _proxy.Log.Should().Contain("\"GET /hub\" 404").And.NotContain("access_token").And.NotContain("0123456789abcdefghijkl");
    }

    /// <summary>Starts the proxy before the nodes on two ports.</summary>
    private protected abstract Task<Proxy> StartAsync(int first, int second);

    /// <summary>The status of each request that got through to the hub.</summary>
    private static IEnumerable<int> StatusesIn(string log) =>
        LoggedRequest().Matches(log).Select(match => int.Parse(match.Groups["status"].Value, System.Globalization.CultureInfo.InvariantCulture));

    [GeneratedRegex("""/hub(/negotiate)?" (?<status>\d{3}) """)]
    private static partial Regex LoggedRequest();

    private HubConnection ClientFor(string user, HttpTransportType transport, bool skipNegotiation, CookieContainer? cookies = null) =>
        _proxy.ClientFor(async () => await nodes.First.MintAsync(user), transport, skipNegotiation, cookies);

    private Task<HttpResponseMessage> NegotiateAsync(string token, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, "/hub/negotiate?negotiateVersion=1", [("Authorization", $"Bearer {token}"), .. headers]);

    private Task<HttpResponseMessage> UpgradeAsync(string token) => SendAsync(HttpMethod.Get, $"/hub?access_token={token}",
        [("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")]);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        Array.ForEach(headers, header => request.Headers.TryAddWithoutValidation(header.Name, header.Value));
        return await _proxy.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private Node? NodeOf(string user) => new[] { nodes.First, nodes.Second }
        .SingleOrDefault(node => node.Services.GetRequiredService<ConnectionRegistry>().TryFind(Address.User(user), out _));
}
