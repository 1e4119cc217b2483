using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Authentication;

/// <summary>How much of a node clients may take, and that whoever is refused has spent nothing.</summary>
public sealed class LimitTests
{
    private const string NeverMinted = "wstokenBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";

    private static readonly (string, string) BehindProxy = ("Proxies:Known:0", "127.0.0.1");

    [Fact]
    public async Task A_full_node_takes_a_connection_only_when_another_has_ended()
    {
        await using var node = new Node(("Limits:Connections", "2"));
        using var first = await RawSocket.OpenAsync(node, await node.MintAsync("alice"));
        var second = await RawSocket.OpenAsync(node, await node.MintAsync("bob"));
        var token = await node.MintAsync("carol");

        var refused = await new RawHub(node).UpgradeAsync($"access_token={token}");
        await refused.ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, "node_full");
        refused.Headers.RetryAfter!.Delta.Should().BePositive();
        await (await new RawHub(node).NegotiateAsync(token)).ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, "node_full");

        second.Dispose();
        await ComesInAsync(node, token);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("100")]
    public async Task A_node_is_full_before_Kestrel_is_which_would_refuse_when_the_token_is_spent(string connections)
    {
        await using var node = new Node(("Kestrel:Limits:MaxConcurrentUpgradedConnections", "2"), ("Limits:Connections", connections));
        using var first = await RawSocket.OpenAsync(node, await node.MintAsync("alice"));
        using var second = await RawSocket.OpenAsync(node, await node.MintAsync("bob"));
        var token = await node.MintAsync("carol");

        var refused = await new RawHub(node).UpgradeAsync($"access_token={token}");

        await refused.ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, "node_full");
        await IsRefusedAsync(node, token, "node_full");
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task Of_two_hundred_that_connect_at_once_by_every_way_as_many_come_in_as_may(string own)
    {
        await using var node = new Node(("Limits:Connections", "3"), ("Transport:Enabled", own));
        var hub = new RawHub(node);
        var tokens = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => node.MintAsync($"user{number}")));

        var answers = await Task.WhenAll(tokens.Select((token, turn) =>
            turn % 2 == 0 ? hub.NegotiateAsync(token) : hub.UpgradeAsync($"access_token={token}")));

        answers.Count(IsIn).Should().Be(3);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable).Should().Be(197);
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task A_negotiated_connection_has_its_place_until_it_ends(HttpTransportType transport)
    {
        // The time stands still: nothing is swept.
        await using var node = new Node(("Limits:Connections", "1")) { Time = new FakeTimeProvider(TimeProvider.System.GetUtcNow()) };
        var next = await node.MintAsync("bob");
        await using (var client = node.ClientFor("alice", transport))
        {
            await client.StartAsync();
            await IsRefusedAsync(node, next, "node_full");
        }

        await ComesInAsync(node, next);
    }

    [Fact]
    public async Task A_client_that_negotiates_again_with_its_grant_takes_no_second_place()
    {
        await using var node = new Node(("Limits:Connections", "1"), ("Limits:Unopened", "1"));
        var hub = new RawHub(node);
        var (_, grant) = await hub.NegotiatedAsync(await node.MintAsync("alice"));

        var (connection, _) = await hub.NegotiatedAsync(grant);

        await hub.OpenAsync(connection, grant);
    }

    [Fact]
    public async Task What_was_negotiated_and_is_never_opened_gives_its_place_back()
    {
        await using var node = new Node(("Limits:Unopened", "1")) { Time = new FakeTimeProvider(TimeProvider.System.GetUtcNow()) };
        var hub = new RawHub(node);
        await hub.NegotiatedAsync(await node.MintAsync("alice"));
        await IsRefusedAsync(node, await node.MintAsync("bob"), "negotiations_full");
        (await hub.UpgradeAsync($"access_token={await node.MintAsync("carol")}")).StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);

        node.Time.Advance(TimeSpan.FromSeconds(17));

        await hub.NegotiatedAsync(await node.MintAsync("bob"));
    }

    [Fact]
    public async Task What_opens_makes_room_for_the_next_that_negotiates()
    {
        await using var node = new Node(("Limits:Unopened", "1"));
        var hub = new RawHub(node);
        foreach (var user in (string[])["alice", "bob", "carol"])
        {
            var (connection, grant) = await hub.NegotiatedAsync(await node.MintAsync(user));
            await hub.OpenAsync(connection, grant);
        }
    }

    [Fact]
    public async Task A_token_that_opens_nothing_and_a_host_that_refuses_it_take_no_place()
    {
        await using var node = new Node(("Limits:Connections", "1"), ("Limits:Unopened", "1"));
        var (hub, chat) = (new RawHub(node), await node.Tokens.MintAsync(new TokenRecord { Subject = "alice", Audience = "/chat" }));

        await (await hub.NegotiateAsync(NeverMinted)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_unknown");
        await (await hub.NegotiateAsync(chat.Reveal())).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_audience");

        await hub.NegotiatedAsync(await node.MintAsync("alice"));
    }

    [Theory]
    [InlineData("198.51.100.7", "198.51.100.8")]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1")]
    public async Task An_IP_address_has_as_many_connections_as_it_may_and_others_have_theirs(string address, string other)
    {
        await using var node = new Node(("Limits:ConnectionsPerIpAddress", "1"), BehindProxy);
        var token = await node.MintAsync("alice");
        using var first = await ConnectAsync(node, await node.MintAsync("alice"), address);

        await (await UpgradeAsync(node, token, address)).ShouldBeRefusedAsync(HttpStatusCode.TooManyRequests, "too_many_connections");
        await (await NegotiateAsync(node, token, address)).ShouldBeRefusedAsync(HttpStatusCode.TooManyRequests, "too_many_connections");
        using var second = await ConnectAsync(node, await node.MintAsync("bob"), other);

        first.Dispose();
        await Eventually.HoldsAsync(async () => IsIn(await UpgradeAsync(node, token, address)));
    }

    [Fact]
    public async Task All_addresses_of_an_IPv6_network_of_64_bits_are_one()
    {
        await using var node = new Node(("Limits:ConnectionsPerIpAddress", "1"), BehindProxy);
        using var first = await ConnectAsync(node, await node.MintAsync("alice"), "2001:db8:0:1::1");

        await (await UpgradeAsync(node, await node.MintAsync("alice"), "2001:db8:0:1:ffff::2"))
            .ShouldBeRefusedAsync(HttpStatusCode.TooManyRequests, "too_many_connections");
    }

    [Fact]
    public async Task What_a_client_says_of_itself_in_front_of_a_known_proxy_counts_for_nothing()
    {
        await using var node = new Node(("Limits:ConnectionsPerIpAddress", "1"), BehindProxy, ("Proxies:Known:1", "10.0.0.0/8"));
        using var first = await ConnectAsync(node, await node.MintAsync("alice"), "203.0.113.1, 198.51.100.7, 10.1.2.3");

        await (await UpgradeAsync(node, await node.MintAsync("alice"), "203.0.113.2, 198.51.100.7"))
            .ShouldBeRefusedAsync(HttpStatusCode.TooManyRequests, "too_many_connections");
    }

    [Fact]
    public async Task A_proxy_on_the_same_machine_that_nobody_has_named_locks_out_nobody()
    {
        await using var node = new Node(("Limits:ConnectionsPerIpAddress", "1"), ("Limits:AttemptsPerMinute", "1"), ("Limits:FailuresPerMinute", "1"));

        foreach (var user in (string[])["alice", "bob", "carol"])
        {
            (await UpgradeAsync(node, NeverMinted, "198.51.100.7")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
            IsIn(await UpgradeAsync(node, await node.MintAsync(user), "198.51.100.7")).Should().BeTrue();
        }
    }

    [Fact]
    public async Task What_an_IP_address_negotiates_and_does_not_open_is_limited()
    {
        await using var node = new Node(("Limits:UnopenedPerIpAddress", "1"), BehindProxy);
        (await NegotiateAsync(node, await node.MintAsync("alice"), "198.51.100.7")).EnsureSuccessStatusCode();
        var token = await node.MintAsync("alice");

        await (await NegotiateAsync(node, token, "198.51.100.7")).ShouldBeRefusedAsync(HttpStatusCode.TooManyRequests, "too_many_negotiations");

        IsIn(await UpgradeAsync(node, token, "198.51.100.7")).Should().BeTrue();
    }

    [Fact]
    public async Task An_IP_address_that_shows_too_many_tokens_is_told_how_long_to_wait_and_spends_none_meanwhile()
    {
        await using var node = new Node(("Limits:AttemptsPerMinute", "3"), BehindProxy);
        for (var count = 0; count < 3; count++)
        {
            IsIn(await NegotiateAsync(node, await node.MintAsync("alice"), "198.51.100.7")).Should().BeTrue();
        }

        var token = await node.MintAsync("alice");
        var refused = await NegotiateAsync(node, token, "198.51.100.7");

        await refused.ShouldBeRefusedAsync(HttpStatusCode.TooManyRequests, "too_many_attempts");
        refused.Headers.RetryAfter!.Delta.Should().BePositive().And.BeLessThanOrEqualTo(TimeSpan.FromSeconds(20));
        IsIn(await NegotiateAsync(node, token, "198.51.100.8")).Should().BeTrue();
    }

    [Fact]
    public async Task An_IP_address_whose_tokens_open_nothing_is_not_let_in_for_a_while_with_one_that_would()
    {
        await using var node = new Node(("Limits:FailuresPerMinute", "3"), BehindProxy);
        for (var count = 0; count < 3; count++)
        {
            IsIn(await NegotiateAsync(node, await node.MintAsync("alice"), "198.51.100.7")).Should().BeTrue();
            (await NegotiateAsync(node, NeverMinted, "198.51.100.7")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }

        var token = await node.MintAsync("alice");
        var refused = await NegotiateAsync(node, token, "198.51.100.7");

        await refused.ShouldBeRefusedAsync(HttpStatusCode.TooManyRequests, "too_many_failures");
        refused.Headers.RetryAfter!.Delta.Should().BePositive().And.BeLessThanOrEqualTo(TimeSpan.FromMinutes(1));
        IsIn(await NegotiateAsync(node, token, "198.51.100.8")).Should().BeTrue();
    }

    [Fact]
    public async Task A_node_that_has_room_for_one_warms_up_nevertheless()
    {
        await using var node = new Node(("Limits:Connections", "1"), ("Limits:Unopened", "1"), ("Warmup:Enabled", "true"));

        await Eventually.HoldsAsync(async () => (await node.Client.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);

        node.Log.Lines.Should().NotContain(line => line.Contains("WarmupFailed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Limits:Connections", "-1", "Limits:Connections must be between 1 and 1000000, or 0 for no limit, and is -1.")]
    [InlineData("Limits:FailuresPerMinute", "1000001", "Limits:FailuresPerMinute must be between")]
    [InlineData("Limits:Unopened", "many", "'Limits:Unopened'")]
    [InlineData("Proxies:Known:0", "proxy.internal", "Proxies:Known:0 is 'proxy.internal', which is neither an IP address nor a network.")]
    [InlineData("Proxies:Known:0", "10.0.0.0/33", "Proxies:Known:0 is '10.0.0.0/33'")]
    public async Task A_limit_that_is_none_is_a_mistake(string key, string value, string mistake)
    {
        var run = await CommandRun.OfAsync("config", "check", $"--{key}", value);

        run.ExitCode.Should().Be(1);
        (run.Output + run.Error).Should().Contain(mistake);
    }

    private static bool IsIn(HttpResponseMessage answer) => answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.SwitchingProtocols;

    private static Task<HttpResponseMessage> UpgradeAsync(Node node, string token, string forwardedFor) =>
        new RawHub(node).UpgradeAsync($"access_token={token}", ("X-Forwarded-For", forwardedFor));

    private static Task<HttpResponseMessage> NegotiateAsync(Node node, string token, string forwardedFor) =>
        new RawHub(node).NegotiateAsync(token, ("X-Forwarded-For", forwardedFor));

    private static async Task<ClientWebSocket> ConnectAsync(Node node, string token, string forwardedFor)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        socket.Options.SetRequestHeader("X-Forwarded-For", forwardedFor);
        await socket.ConnectAsync(new Uri($"ws://{node.Address.Authority}/hub"), CancellationToken.None);
        return socket;
    }

    private static async Task IsRefusedAsync(Node node, string token, string code) =>
        await (await new RawHub(node).NegotiateAsync(token)).ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, code);

    /// <summary>Its token was not spent by any refusal.</summary>
    private static async Task ComesInAsync(Node node, string token) => await Eventually.HoldsAsync(async () =>
    {
        using var answer = await new RawHub(node).UpgradeAsync($"access_token={token}");
        return IsIn(answer);
    });
}
