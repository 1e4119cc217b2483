using System.Net;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using RealtimeHub.Tests.Connections;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Authentication;

/// <summary>How a client of the seed's site gets in: with the token that its page holds, and nothing else than before.</summary>
public sealed class SeedFormatTests : IAsyncLifetime
{
    private static readonly (string Key, string Value) SeedFormat = ("Tokens:AcceptSeedFormat", "true");

    private readonly RedisServer _redis = new();
    private Node _node = null!;
    private RawHub _hub = null!;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _node = Node.On(_redis, SeedFormat);
        _hub = new RawHub(_node);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Its_token_opens_a_connection_in_every_place_of_a_token_and_in_its_own()
    {
        (await _hub.UpgradeAsync($"ws_token={await MintAsync()}")).StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);
        (await _hub.UpgradeAsync($"access_token={await MintAsync()}")).StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);
        (await _hub.UpgradeAsync("", ("Sec-WebSocket-Protocol", $"realtimehub, {await MintAsync()}"))).StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);
        (await _hub.UpgradeAsync("", ("Authorization", $"Bearer {await MintAsync()}"))).StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);
        (await _hub.NegotiateAsync(await MintAsync())).StatusCode.Should().Be(HttpStatusCode.OK);
        (await NegotiateInQueryAsync(await MintAsync())).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(DeliveryTests.Transports), MemberType = typeof(DeliveryTests))]
    public async Task A_stock_client_with_the_token_in_its_address_is_reached_on_every_transport(
        HttpTransportType transport, bool skipNegotiation)
    {
        await using var client = new HubConnectionBuilder()
            .WithUrl(new Uri(_node.Address, $"hub?ws_token={await MintAsync()}"), transport, options => options.SkipNegotiation = skipNegotiation).Build();
        var received = await Received.ByAsync(client);

        (await _node.Client.SendAsync(Node.Api("/api/users/alice/messages", new { type = "hello" }))).StatusCode.Should().Be(HttpStatusCode.Accepted);

        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("hello");
    }

    [Fact]
    public async Task A_token_of_our_own_may_stand_there_as_well() =>
        (await _hub.UpgradeAsync($"ws_token={await _node.MintAsync("alice")}")).StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);

    [Fact]
    public async Task Two_of_them_in_whichever_parameters_are_ambiguous_and_not_spent()
    {
        var (first, second) = (await MintAsync(), await MintAsync());

        foreach (var query in (string[])[$"ws_token={first}&access_token=nonsense", $"ws_token={first}&access_token={second}", $"ws_token={first}&ws_token={first}",
            $"ws_token={first}&WS_TOKEN=", $"ws%5Ftoken={first}", $"ws_token={first[..^1]}%{(int)first[^1]:x2}"])
        {
            await (await _hub.UpgradeAsync(query)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "request_ambiguous");
        }

        (await NegotiateInQueryAsync(first)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await NegotiateInQueryAsync(second)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Beside_a_grant_only_the_token_that_it_was_given_for_may_stand_in_the_address()
    {
        var (own, other) = (await MintAsync(), await MintAsync());
        var (connection, grant) = await _hub.NegotiatedAsync(own);

        await (await _hub.SendAsync(HttpMethod.Get, $"hub?ws_token={other}&id={connection}", grant)).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");
        await (await _hub.SendAsync(HttpMethod.Post, $"hub/negotiate?negotiateVersion=1&ws_token={other}", grant)).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");

        (await _hub.SendAsync(HttpMethod.Post, $"hub/negotiate?negotiateVersion=1&ws_token={own}", grant)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await NegotiateInQueryAsync(other)).StatusCode.Should().Be(HttpStatusCode.OK, "it is not spent");
    }

    [Fact]
    public async Task A_second_time_it_is_spent_and_the_log_shows_its_fingerprint()
    {
        var token = await MintAsync();
        await NegotiateInQueryAsync(token);

        await (await _hub.UpgradeAsync($"ws_token={token}")).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_spent");

        var fingerprint = Node.Sha256(token)[..8];
        await Eventually.HoldsAsync(() => Task.FromResult(_node.Log.Lines.Any(line => line.Contains("TokenReplayed") && line.Contains(fingerprint))));
        _node.Log.Lines.Should().NotContain(line => line.Contains(token));
    }

    [Theory]
    [InlineData(-21, "token_unknown")]
    [InlineData(3_600, "token_malformed")]
    public async Task Too_old_or_from_the_future_it_is_refused(int seconds, string code)
    {
        var token = await SeedTag.MintAsync(_redis.Database, "alice", TimeProvider.System.GetUtcNow().AddSeconds(seconds));

        await (await NegotiateInQueryAsync(token)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, code);
    }

    [Theory]
    [InlineData("""{"user":"alice"}""", "time must be when the token was minted")]
    [InlineData("""{"user":"alice","time":1790000000}""", "time must be when the token was minted")]
    [InlineData("""{"user":"alice","time":"2026-11-24"}""", "time must be when the token was minted")]
    [InlineData("""{"user":"alice","time":"24:11:2126:13:05:09"}""", "time is in the future")]
    [InlineData("""{"user":"","time":"24:11:2026:13:05:09"}""", "user must be 1 to 256 characters")]
    [InlineData("""{"time":"24:11:2026:13:05:09"}""", "user must be 1 to 256 characters")]
    [InlineData("alice", "the record must be a JSON object")]
    public async Task A_broken_record_is_told_and_the_log_names_the_field(string record, string told)
    {
        var token = await SeedTag.StoreAsync(_redis.Database, record);

        await (await NegotiateInQueryAsync(token)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_malformed");

        var fingerprint = Node.Sha256(token)[..8];
        await Eventually.HoldsAsync(() => Task.FromResult(_node.Log.Lines.Any(line => line.Contains("RecordMalformed") && line.Contains($"#{fingerprint}: {told}"))));
    }

    [Fact]
    public async Task Of_two_hundred_simultaneous_connects_with_one_token_over_two_nodes_exactly_one_succeeds()
    {
        await using var second = Node.On(_redis, SeedFormat);
        var secondHub = new RawHub(second);
        _ = (_node.Address, second.Address);
        var token = await MintAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(turn => (turn % 4) switch
        {
            0 => _hub.NegotiateAsync(token),
            1 => secondHub.NegotiateAsync(token),
            2 => _hub.UpgradeAsync($"ws_token={token}"),
            _ => secondHub.UpgradeAsync($"ws_token={token}"),
        }));

        answers.Where(answer => answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.SwitchingProtocols).Should().ContainSingle();
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized).Should().Be(199);
    }

    [Fact]
    public async Task Off_as_it_is_by_default_such_a_token_is_none_and_its_parameter_is_not_read()
    {
        await using var node = Node.On(_redis);
        var hub = new RawHub(node);
        var token = await MintAsync();

        await (await hub.NegotiateAsync(token)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_malformed");
        await (await hub.UpgradeAsync($"access_token={token}")).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_malformed");
        await (await hub.UpgradeAsync($"ws_token={token}")).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_missing");
        await (await hub.UpgradeAsync($"ws_token={await node.MintAsync("alice")}")).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_missing");

        (await NegotiateInQueryAsync(token)).StatusCode.Should().Be(HttpStatusCode.OK, "the others have not spent it");
        node.Log.Lines.Should().NotContain(line => line.Contains("SeedFormatAccepted"));
    }

    [Fact]
    public async Task On_a_Cluster_it_is_spent_where_it_lies()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await using var site = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(cluster.Connection);
        await using var node = new Node(("Redis:Connection", cluster.Connection), SeedFormat);

        foreach (var number in Enumerable.Range(0, 30))
        {
            var token = await SeedTag.MintAsync(site.GetDatabase(), $"user{number}");
            (await new RawHub(node).NegotiateAsync(token)).StatusCode.Should().Be(HttpStatusCode.OK);
            await (await new RawHub(node).NegotiateAsync(token)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_spent");
        }
    }

    private Task<string> MintAsync() => SeedTag.MintAsync(_redis.Database, "alice");

    private Task<HttpResponseMessage> NegotiateInQueryAsync(string token) =>
        _hub.SendAsync(HttpMethod.Post, $"hub/negotiate?negotiateVersion=1&ws_token={token}", null);
}
