using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Control;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Events;

/// <summary>What a backend is told, by POST.</summary>
public sealed class EventTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();
    private EventConsumer _consumer = null!;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _consumer = await EventConsumer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _consumer.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_backend_is_told_of_a_connection_that_was_ended(bool isOnRedis)
    {
        await using var node = isOnRedis ? Node.On(_redis, _consumer.Settings) : new Node(_consumer.Settings);
        await using var client = await ConnectedAsync(node, "alice");

        await EndAsync(node, "alice", "Enough.");

        var told = (await _consumer.TakenAsync("connection.ended", 1)).Single();
        told.GetProperty("specversion").GetString().Should().Be("1.0");
        told.GetProperty("type").GetString().Should().Be("connection.ended");
        told.GetProperty("subject").GetString().Should().Be("alice");
        told.GetProperty("time").GetDateTimeOffset().Should().BeCloseTo(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
        var data = told.GetProperty("data");
        data.GetProperty("connection").GetString().Should().NotBeNullOrEmpty();
        (data.GetProperty("code").GetString(), data.GetProperty("reason").GetString(), data.GetProperty("mayComeBack").GetBoolean())
            .Should().Be(("ended", "Enough.", true));
    }

    [Fact]
    public async Task A_backend_is_told_of_a_user_who_is_banned_and_comes_back()
    {
        await using var node = Node.On(_redis, _consumer.Settings);
        await node.Services.GetRequiredService<IConnectionControl>().BanAsync("mallory", TimeProvider.System.GetUtcNow().AddHours(1), "Spam.");
        using var refused = await RawSocket.OpenAsync(node, await node.MintAsync("mallory"));

        var told = (await _consumer.TakenAsync(1)).Single();

        told.GetProperty("type").GetString().Should().Be("connection.refused");
        told.GetProperty("subject").GetString().Should().Be("mallory");
        told.GetProperty("data").GetProperty("code").GetString().Should().Be("banned");
        told.GetProperty("data").GetProperty("reason").GetString().Should().Be("Spam.");
    }

    [Fact]
    public async Task Each_is_signed_with_each_key()
    {
        const string Other = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";
        await using var node = Node.On(
            _redis, [.. _consumer.Settings.Where(setting => setting.Key != "Events:Secret"), ("Events:Secret", $"{Other}, {EventConsumer.Secret}")]);
        await using var client = await ConnectedAsync(node, "alice");
        await EndAsync(node, "alice", "Zoë.");

        var told = (await _consumer.TakenAsync("connection.ended", 1)).Single();

        var headers = _consumer.Headers.Single(shown => shown["webhook-id"] == told.GetProperty("id").GetString());
        headers.ContentType.ToString().Should().Be("application/cloudevents+json; charset=utf-8");
        var sent = headers["webhook-timestamp"].ToString();
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(sent, CultureInfo.InvariantCulture)).Should()
            .BeCloseTo(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
        var signed = Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{sent}.{told.GetRawText()}");
        headers["webhook-signature"].ToString().Should().Be($"{Signature(Other, signed)} {Signature(EventConsumer.Secret, signed)}");
    }

    [Fact]
    public async Task What_happens_while_the_consumer_is_away_comes_when_it_is_back_in_order_for_each_user()
    {
        await using var node = Node.On(_redis, _consumer.Settings);
        await _consumer.GoAsync();
        foreach (var reason in (string[])["1", "2", "3"])
        {
            await Task.WhenAll(EndOneAsync(node, "alice", reason), EndOneAsync(node, "bob", reason));
        }

        await Eventually.HoldsAsync(async () => (await HealthAsync(node)).Status == "Degraded");
        (await HealthAsync(node)).Description.Should().Be("The consumer at Events:Url cannot be reached (ConnectionError). Events wait.");
        await _consumer.ComeAsync();

        await _consumer.TakenAsync("connection.ended", 6);
        _consumer.Of("alice", "reason").Should().Equal("1", "2", "3");
        _consumer.Of("bob", "reason").Should().Equal("1", "2", "3");
        await Eventually.HoldsAsync(async () => (await HealthAsync(node)).Status == "Healthy");
        node.Log.Lines.Count(line => line.Contains("EventsWait:", StringComparison.Ordinal)).Should().Be(1);
    }

    [Fact]
    public async Task An_event_that_is_refused_holds_up_those_of_its_user_and_nobody_else()
    {
        var refuses = true;
        _consumer.Answer = told => refuses && told.GetProperty("type").GetString() == "connection.ended" && told.GetProperty("subject").GetString() == "alice"
            ? 400 : 204;
        await using var node = Node.On(_redis, _consumer.Settings);
        await EndOneAsync(node, "alice", "1");
        await EndOneAsync(node, "alice", "2");
        await EndOneAsync(node, "bob", "1");

        (await _consumer.TakenAsync("connection.ended", 1)).Single().GetProperty("subject").GetString().Should().Be("bob");
        (await HealthAsync(node)).Status.Should().Be("Healthy");
        refuses = false;

        await _consumer.TakenAsync("connection.ended", 3);
        _consumer.Of("alice", "reason").Should().Equal("1", "2");
    }

    [Fact]
    public async Task A_node_that_stops_writes_what_has_happened_last_and_another_sends_it()
    {
        await _consumer.GoAsync();
        var first = Node.On(_redis, _consumer.Settings);
        await using var client = await ConnectedAsync(first, "alice");
        await first.DisposeAsync();

        await _consumer.ComeAsync();
        await using var second = Node.On(_redis, _consumer.Settings);
        _ = second.Address;

        (await _consumer.TakenAsync("connection.ended", 1)).Single().GetProperty("data").GetProperty("code").GetString().Should()
            .Be("node_stopping");
    }

    [Fact]
    public async Task A_backend_is_told_what_a_client_was_told_to_have_lost()
    {
        await using var node = Node.On(_redis, _consumer.Settings);
        await using var client = await ConnectedAsync(node, "alice");

        await client.InvokeAsync<JsonElement>("Resume", new { cursors = new Dictionary<string, string> { ["user:alice"] = "1-1", ["user:bob"] = "1-1" } });

        var told = (await _consumer.TakenAsync("message.lost", 1)).Single();
        told.GetProperty("subject").GetString().Should().Be("alice");
        told.GetProperty("data").GetProperty("addresses").EnumerateArray().Select(address => address.GetString()).Should().Equal("user:alice");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task That_users_come_and_go_is_told_to_the_address_that_is_set(bool isOnRedis)
    {
        await using var node = isOnRedis
            ? Node.On(_redis, ("Presence:Address", "user:watcher")) : new Node(("Presence:Address", "user:watcher"));
        await using var watcher = node.ClientFor("watcher", skipNegotiation: true);
        var received = await Received.ByAsync(watcher);
        await using (await ConnectedAsync(node, "alice"))
        {
            (await NextOfAliceAsync(received)).GetProperty("type").GetString().Should().Be("user.online");
        }

        var gone = await NextOfAliceAsync(received);

        gone.GetProperty("type").GetString().Should().Be("user.offline");
        gone.GetProperty("after").GetString().Should().NotBeNullOrEmpty("it is in the log");
        gone.GetProperty("payload").GetProperty("time").GetDateTimeOffset().Should()
            .BeCloseTo(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Without_an_address_nothing_is_recorded_or_checked()
    {
        await using var node = Node.On(_redis);
        await EndOneAsync(node, "alice", "1");

        _redis.Server.Keys(pattern: "*events*").Should().BeEmpty();
        (await node.Client.GetStringAsync("/health/ready")).Should().NotContain("events");
    }

    [Fact]
    public async Task The_canary_is_nobody()
    {
        await using var node = Node.On(_redis, [.. _consumer.Settings, ("Warmup:Enabled", "true")]);
        await Eventually.HoldsAsync(async () => (await node.Client.GetAsync("/health/ready")).IsSuccessStatusCode);

        await EndOneAsync(node, "alice", "1");

        await _consumer.TakenAsync("connection.ended", 1);
        _consumer.Taken.Should().OnlyContain(told => told.GetProperty("subject").GetString() == "alice");
    }

    private static async Task<JsonElement> NextOfAliceAsync(Received received)
    {
        while (true)
        {
            var message = await received.NextAsync();
            if (message.GetProperty("payload").GetProperty("user").GetString() == "alice")
            {
                return message;
            }
        }
    }

    private static async Task<(string? Status, string? Description)> HealthAsync(Node node)
    {
        var check = JsonElement.Parse(await node.Client.GetStringAsync("/health/ready")).GetProperty("checks").GetProperty("events");
        return (check.GetProperty("status").GetString(), check.GetProperty("description").GetString());
    }

    private static string Signature(string secret, byte[] signed) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed));

    private static async Task<HubConnection> ConnectedAsync(Node node, string user)
    {
        var client = node.ClientFor(user, skipNegotiation: true);
        await client.StartAsync();
        await client.InvokeAsync<JsonElement>("Resume", new { from = "head" });
        return client;
    }

    private static async Task EndOneAsync(Node node, string user, string reason)
    {
        await using var client = await ConnectedAsync(node, user);
        await EndAsync(node, user, reason);
    }

    private static async Task EndAsync(Node node, string user, string reason)
    {
        var ended = await node.Services.GetRequiredService<IConnectionControl>().EndUserAsync(user, new EndOptions { Reason = reason });
        ended.Ended.Should().Be(1);
    }
}
