using System.Net;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Authentication;

/// <summary>What bad input gets. Each is tried on negotiate and on the WebSocket upgrade.</summary>
public sealed class RefusalTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private const string NeverMinted = "wstokenBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";

    private readonly RawHub _hub = new(nodes.First);

    [Fact]
    public async Task No_token()
    {
        var answer = await _hub.NegotiateAsync(null);

        await answer.ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_missing");
        answer.Headers.WwwAuthenticate.ToString().Should().Be("Bearer");
        await (await _hub.UpgradeAsync("")).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_missing");
    }

    [Theory]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.x")]
    [InlineData("wstoken")]
    [InlineData("wstokenAAAA")]
    public async Task A_malformed_token(string token)
    {
        await (await _hub.NegotiateAsync(token)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_malformed");
        await (await _hub.UpgradeAsync($"access_token={token}")).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_malformed");
    }

    [Fact]
    public async Task An_unknown_token()
    {
        await (await _hub.NegotiateAsync(NeverMinted)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_unknown");
        await (await _hub.UpgradeAsync($"access_token={NeverMinted}")).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_unknown");
    }

    [Fact]
    public async Task A_spent_token_on_any_node()
    {
        var token = await nodes.First.MintAsync("alice");
        await ShouldBeUnspentAsync(token);

        await (await _hub.NegotiateAsync(token)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_spent");
        await (await new RawHub(nodes.Second).UpgradeAsync($"access_token={token}")).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_spent");
        var fingerprint = Node.Sha256(token)[..8];
        await Eventually.HoldsAsync(
            () => Task.FromResult(nodes.First.Log.Lines.Any(line => line.Contains("TokenReplayed") && line.Contains(fingerprint))));
    }

    [Fact]
    public async Task Of_two_hundred_simultaneous_connects_with_one_token_over_two_nodes_exactly_one_succeeds()
    {
        var token = await nodes.First.MintAsync("alice");
        var second = new RawHub(nodes.Second);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(turn => (turn % 4) switch
        {
            0 => _hub.NegotiateAsync(token),
            1 => second.NegotiateAsync(token),
            2 => _hub.UpgradeAsync($"access_token={token}"),
            _ => second.UpgradeAsync($"access_token={token}"),
        }));

        answers.Where(answer => answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.SwitchingProtocols).Should().ContainSingle();
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized).Should().Be(199);
    }

    [Fact]
    public async Task A_token_for_another_hub()
    {
        var other = await nodes.First.Tokens.MintAsync(new TokenRecord { Subject = "alice", Audience = "/chat" });
        var own = await nodes.First.Tokens.MintAsync(new TokenRecord { Subject = "alice", Audience = "/hub" });
        var ownOnUpgrade = await nodes.First.Tokens.MintAsync(new TokenRecord { Subject = "alice", Audience = "/hub" });

        await (await _hub.NegotiateAsync(other.Reveal())).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_audience");
        (await _hub.NegotiateAsync(own.Reveal())).StatusCode.Should().Be(HttpStatusCode.OK);
        (await _hub.UpgradeAsync($"access_token={ownOnUpgrade.Reveal()}")).StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://127.0.0.1.evil.example")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("null")]
    [InlineData("garbage")]
    [InlineData("http://127.0.0.1@evil.example")]
    public async Task A_foreign_or_malformed_origin(string origin)
    {
        var token = await nodes.First.MintAsync("alice");

        await (await _hub.NegotiateAsync(token, ("Origin", origin))).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "origin_refused");
        await (await _hub.UpgradeAsync($"access_token={token}", ("Origin", origin))).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "origin_refused");
        await ShouldBeUnspentAsync(token);
    }

    [Fact]
    public async Task A_connection_that_this_node_does_not_know()
    {
        var token = await nodes.First.MintAsync("alice");
        var (elsewhere, grant) = await new RawHub(nodes.Second).NegotiatedAsync(await nodes.First.MintAsync("alice"));

        var answer = await _hub.PollAsync(elsewhere, token);

        await answer.ShouldBeRefusedAsync(HttpStatusCode.NotFound, "connection_unknown");
        (await answer.Content.ReadAsStringAsync()).Should().Contain("sticky sessions").And.Contain("skipNegotiation");
        await (await _hub.UpgradeAsync($"id={elsewhere}&access_token={grant}")).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "connection_unknown");
        await (await _hub.PostAsync(elsewhere, token, "x")).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "connection_unknown");
        await (await _hub.DeleteAsync(elsewhere, token)).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "connection_unknown");
        await ShouldBeUnspentAsync(token);
    }

    [Theory]
    [InlineData("GET", "hub")]
    [InlineData("POST", "hub")]
    [InlineData("DELETE", "hub")]
    [InlineData("GET", "hub/negotiate?negotiateVersion=1")]
    [InlineData("PUT", "hub?id=AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_request_that_opens_nothing(string method, string path)
    {
        var token = await nodes.First.MintAsync("alice");

        await (await _hub.SendAsync(new HttpMethod(method), path, token)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "connection_missing");
        await ShouldBeUnspentAsync(token);
    }

    [Fact]
    public async Task A_broken_record()
    {
        var token = AccessToken.Create();
        await nodes.Redis.Database.StringSetAsync($"hub:token:{Node.Sha256(token.Reveal())}", "{\"sub\":\"\"}");

        await (await _hub.NegotiateAsync(token.Reveal())).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_malformed");

        await Eventually.HoldsAsync(() => Task.FromResult(nodes.First.Log.Lines.Any(line => line.Contains("RecordMalformed") && line.Contains($"#{Node.Sha256(token.Reveal())[..8]}: sub must be 1 to 256"))));
        (await _hub.NegotiateAsync(await nodes.First.MintAsync("alice"))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_record_that_was_over_before_its_token_can_have_been_minted()
    {
        var token = AccessToken.Create();
        await nodes.Redis.Database.StringSetAsync($"hub:token:{Node.Sha256(token.Reveal())}", "{\"sub\":\"alice\",\"exp\":3600}");

        await (await _hub.NegotiateAsync(token.Reveal())).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_unknown");

        await Eventually.HoldsAsync(() => Task.FromResult(nodes.First.Log.Lines.Any(line => line.Contains("RecordMalformed") && line.Contains($"#{Node.Sha256(token.Reveal())[..8]}: exp was over"))));
    }

    [Fact]
    public async Task A_token_elsewhere_than_at_a_hub_is_not_spent()
    {
        var token = await nodes.First.MintAsync("alice");

        await nodes.First.Client.GetAsync($"health/live?access_token={token}");
        await nodes.First.Client.GetAsync($"realtimehub.js?access_token={token}");

        await ShouldBeUnspentAsync(token);
    }

    [Fact]
    public async Task While_Redis_is_away_nobody_gets_in()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = Node.On(redis);
        var token = await node.MintAsync("alice");
        redis.Kill();

        var answer = await new RawHub(node).NegotiateAsync(token);

        await answer.ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, "store_unavailable");
        answer.Headers.RetryAfter!.Delta.Should().BePositive();
        await (await new RawHub(node).UpgradeAsync($"access_token={token}")).ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, "store_unavailable");
        await Eventually.HoldsAsync(() => Task.FromResult(node.Log.Errors.Any(line => line.Contains(" StoreUnavailable: ", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task The_three_places_for_a_token_are_header_subprotocol_and_query()
    {
        (await _hub.NegotiateAsync(await nodes.First.MintAsync("alice"))).StatusCode.Should().Be(HttpStatusCode.OK);
        (await _hub.UpgradeAsync($"access_token={await nodes.First.MintAsync("alice")}")).StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);

        var inSubprotocol = await _hub.UpgradeAsync("", ("Sec-WebSocket-Protocol", $"realtimehub, {await nodes.First.MintAsync("alice")}"));
        inSubprotocol.StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);
        inSubprotocol.Headers.GetValues("Sec-WebSocket-Protocol").Should().Equal("realtimehub");
    }

    /// <summary>Spends the token, which must still be possible.</summary>
    private async Task ShouldBeUnspentAsync(string token)
    {
        AccessToken.TryParse(token, out var parsed).Should().BeTrue();
        (await nodes.First.Tokens.SpendAsync(parsed)).IsAccepted.Should().BeTrue("the refused request must not have spent the token");
    }
}
