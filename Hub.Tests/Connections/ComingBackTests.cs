using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Authentication;
using RealtimeHub.Control;
using RealtimeHub.Delivery;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Authentication;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Connections;

/// <summary>A client that comes back without a token, message by message of its WebSocket.</summary>
public sealed class ComingBackTests : IAsyncLifetime
{
    private const string Asking = "?heads=true&connected=true";

    private readonly RedisServer _redis = new();
    private Node _node = null!;
    private Node _other = null!;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        (_node, _other) = (Node.On(_redis), Node.On(_redis));
    }

    public async Task DisposeAsync()
    {
        await _other.DisposeAsync();
        await _node.DisposeAsync();
        _redis.Dispose();
    }

    [Fact]
    public async Task It_is_who_it_was_on_another_node_and_is_told_the_heads_and_the_next_secret()
    {
        var secret = await LeftWithAsync(new TokenRecord
        {
            Subject = "alice",
            Groups = ["room"],
            SessionId = "s1",
            Labels = ["tenant:7"],
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000),
        });
        var last = await _node.Publisher.PublishAsync(Address.User("alice"), "missed", 1);

        using var back = await RawSocket.OpenAsync(_other, secret, Asking);

        var told = await back.ReadMessageAsync();
        told.Should().StartWith("{}\u001e{\"type\":1,\"target\":\"Heads\"").And.Contain($"\"user:alice\":\"{last}\"").And.Contain("\"group:room\":");
        SecretIn(told!).Should().NotBe(secret);
        ArgumentIn(told!).GetProperty("tokenLifetimeSeconds").GetInt64().Should().BePositive();
        var connection = (await ConnectionsAsync()).Should().ContainSingle().Subject;
        connection.Node.Should().Be(_other.Services.GetRequiredService<NodeId>());
        (connection.Details!.Session, connection.Details.Transport, connection.Details.Expires!.Value.ToUnixTimeSeconds()).Should()
            .Be(("s1", "WebSockets", 4_000_000_000));
        connection.Details.Labels.Should().Equal("tenant:7");
        await _node.Publisher.PublishAsync(Address.Group("room"), "now", 1);
        (await back.ReadMessageAsync()).Should().Contain("\"address\":\"group:room\"");
    }

    [Fact]
    public async Task Each_secret_is_good_once_and_another_node_does_not_take_it_again()
    {
        var secret = await LeftWithAsync("alice");
        using var back = await RawSocket.OpenAsync(_other, secret, Asking);
        await back.ReadMessageAsync();

        await (await new RawHub(_node).NegotiateAsync(secret)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "reconnect_unknown");
        await (await new RawHub(_other).UpgradeAsync($"access_token={secret}")).ShouldBeRefusedAsync(
            HttpStatusCode.Unauthorized, "reconnect_unknown");
        (await ConnectionsAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task It_comes_back_five_times_in_a_row_each_time_with_the_secret_of_the_time_before()
    {
        var secret = await LeftWithAsync("alice");
        for (var time = 0; time < 5; time++)
        {
            using var back = await RawSocket.OpenAsync(time % 2 == 0 ? _node : _other, secret, Asking);
            secret = SecretIn((await back.ReadMessageAsync())!);
        }

        using var last = await RawSocket.OpenAsync(_node, secret, Asking);
        SecretIn((await last.ReadMessageAsync())!).Should().NotBe(secret);
    }

    [Fact]
    public async Task Who_negotiates_with_it_is_attached_when_the_connection_opens()
    {
        var secret = await LeftWithAsync("alice");
        var hub = new RawHub(_other);

        var (connection, grant) = await hub.NegotiatedAsync(secret, "&connected=true");
        (await ConnectionsAsync()).Should().BeEmpty();
        (await hub.PollAsync(connection, grant)).EnsureSuccessStatusCode();
        (await hub.PostAsync(connection, grant, "{\"protocol\":\"json\",\"version\":1}\u001e")).EnsureSuccessStatusCode();

        var told = "";
        while (!told.Contains("Connected", StringComparison.Ordinal))
        {
            told += await (await hub.PollAsync(connection, secret)).EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        }

        SecretIn(told).Should().NotBe(secret);
        (await ConnectionsAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task On_SignalRs_own_transport_it_comes_back_and_only_the_connection_that_it_opens_is_there()
    {
        await using var stock = Node.On(_redis, ("Transport:Enabled", "false"));
        var secret = await LeftWithAsync("alice");

        using var back = await RawSocket.OpenAsync(stock, secret, Asking);
        await back.ReadMessageAsync();
        SecretIn((await back.ReadMessageAsync())!).Should().NotBe(secret);

        var connection = (await ConnectionsAsync()).Should().ContainSingle().Subject;
        stock.Services.GetRequiredService<ConnectionRegistry>().TryFind(connection.Id, out _).Should().BeTrue();
    }

    [Fact]
    public async Task Without_Redis_it_comes_back_to_the_one_node_that_there_is()
    {
        await using var node = new Node();
        string secret;
        using (var socket = await RawSocket.OpenAsync(node, await node.MintAsync("alice"), Asking))
        {
            secret = SecretIn((await socket.ReadMessageAsync())!);
        }

        using var back = await RawSocket.OpenAsync(node, secret, Asking);

        SecretIn((await back.ReadMessageAsync())!).Should().NotBe(secret);
    }

    [Fact]
    public async Task Who_was_ended_does_not_come_back()
    {
        using var socket = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"), Asking);
        var secret = SecretIn((await socket.ReadMessageAsync())!);
        var control = _other.Services.GetRequiredService<IConnectionControl>();

        (await control.EndConnectionAsync("alice", (await ConnectionsAsync()).Single().Id)).Ended.Should().Be(1);

        await Eventually.HoldsAsync(async () => (await ConnectionsAsync()).Count == 0);
        await (await new RawHub(_other).NegotiateAsync(secret)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "reconnect_unknown");
    }

    [Fact]
    public async Task Of_a_connection_that_does_not_open_nothing_is_left()
    {
        var secret = await LeftWithAsync("alice");
        using (var lost = await RawSocket.ConnectedAsync(_other, secret, Asking))
        {
            (await ConnectionsAsync()).Should().ContainSingle("it is entered before it opens");
        }

        await Eventually.HoldsAsync(async () => (await ConnectionsAsync()).Count == 0);
        (await _redis.Database.HashLengthAsync("hub:{user%3Aalice}:reconnects")).Should().Be(0, "nobody was told the next secret");
    }

    [Fact]
    public async Task Whose_address_is_refused_to_a_page_spends_nothing()
    {
        var secret = await LeftWithAsync("alice");

        await (await new RawHub(_other).NegotiateAsync(secret, ("Origin", "https://elsewhere.example"))).ShouldBeRefusedAsync(
            HttpStatusCode.Forbidden, "origin_refused");

        using var back = await RawSocket.OpenAsync(_other, secret, Asking);
        SecretIn((await back.ReadMessageAsync())!).Should().NotBe(secret);
    }

    [Fact]
    public async Task What_it_says_of_a_connection_that_others_have_negotiated_is_foreign_and_spends_nothing()
    {
        var secret = await LeftWithAsync("alice");
        var hub = new RawHub(_other);
        var (connection, _) = await hub.NegotiatedAsync(await _other.MintAsync("alice"));

        await (await hub.PollAsync(connection, secret)).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");

        using var back = await RawSocket.OpenAsync(_other, secret, Asking);
        SecretIn((await back.ReadMessageAsync())!).Should().NotBe(secret);
    }

    [Fact]
    public async Task A_token_for_another_hub_opens_this_one_by_no_secret_either()
    {
        await _redis.Database.HashSetAsync(
            "hub:{user%3Aalice}:reconnects", Hash(out var secret), """1 c1""" + "\nnode n1\n\n" + """{"sub":"alice","aud":"/other"}""");

        await (await new RawHub(_other).UpgradeAsync($"access_token={secret}")).ShouldBeRefusedAsync(
            HttpStatusCode.Unauthorized, "token_audience");

        await Eventually.HoldsAsync(async () => !await _redis.Database.KeyExistsAsync("hub:{user%3Aalice}:connections"));
    }

    [Fact]
    public async Task While_Redis_is_away_nobody_is_let_in()
    {
        var secret = await LeftWithAsync("alice");
        _redis.Kill();

        await (await new RawHub(_other).NegotiateAsync(secret)).ShouldBeRefusedAsync(
            HttpStatusCode.ServiceUnavailable, "store_unavailable");
    }

    private static string Hash(out string secret)
    {
        var made = ReconnectSecret.Create("alice");
        secret = made.Reveal();
        return made.Hash;
    }

    private Task<string> LeftWithAsync(string user) => LeftWithAsync(new TokenRecord { Subject = user });

    /// <summary>What a connection was given that is over now.</summary>
    private async Task<string> LeftWithAsync(TokenRecord record)
    {
        string secret;
        using (var socket = await RawSocket.OpenAsync(_node, (await _node.Tokens.MintAsync(record)).Reveal(), Asking))
        {
            secret = SecretIn((await socket.ReadMessageAsync())!);
        }

        await Eventually.HoldsAsync(async () => (await ConnectionsAsync()).Count == 0);
        return secret;
    }

    private static string SecretIn(string told) => ArgumentIn(told).GetProperty("reconnectSecret").GetString()!;

    private static JsonElement ArgumentIn(string told)
    {
        var call = told.Split('\u001e').Single(message => message.Contains("\"target\":\"Connected\"", StringComparison.Ordinal));
        return JsonDocument.Parse(call).RootElement.GetProperty("arguments")[0];
    }

    private async Task<IReadOnlyList<AttachedConnection>> ConnectionsAsync() =>
        (await _node.Services.GetRequiredService<IConnectionDirectory>().ConnectionsOfAsync([Address.User("alice")])).Single();
}
