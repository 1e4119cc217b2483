using System.Net;
using System.Text.Json;
using RealtimeHub.Tests.Authentication;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Events;

/// <summary>What a backend is told of clients that were refused with an HTTP status.</summary>
public sealed class RefusalEventTests : IAsyncLifetime
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

    [Fact]
    public async Task Whose_token_was_good_is_named()
    {
        await using var node = new Node(_consumer.Settings);
        var token = (await node.Tokens.MintAsync(new TokenRecord { Subject = "alice", Audience = "/elsewhere" })).Reveal();

        (await new RawHub(node).NegotiateAsync(token)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);

        var told = (await _consumer.TakenAsync("connection.refused", 1)).Single();
        told.GetProperty("subject").GetString().Should().Be("alice");
        Said(told).Should().Be((401, "token_audience", "The token was minted for another hub.", 1));
    }

    [Fact]
    public async Task Who_comes_with_a_token_of_another_user_is_named_and_not_whose_connection_it_is()
    {
        await using var node = new Node(_consumer.Settings);
        var hub = new RawHub(node);
        var (connection, _) = await hub.NegotiatedAsync(await node.MintAsync("alice"));

        (await hub.PollAsync(connection, await node.MintAsync("mallory"))).StatusCode.Should().Be(HttpStatusCode.Forbidden);

        var told = (await _consumer.TakenAsync("connection.refused", 1)).Single();
        told.GetProperty("subject").GetString().Should().Be("mallory");
        told.GetProperty("data").GetProperty("code").GetString().Should().Be("connection_foreign");
    }

    [Fact]
    public async Task Of_a_flood_of_tokens_that_are_not_good_the_first_is_told_and_then_their_number_and_no_token()
    {
        await using var node = Node.StandingStillOn(_redis, _consumer.Settings);
        var hub = new RawHub(node);
        var token = await node.MintAsync("alice");
        (await hub.NegotiateAsync(token)).StatusCode.Should().Be(HttpStatusCode.OK);

        for (var number = 0; number < 50; number++)
        {
            (await hub.NegotiateAsync(token)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }

        await Eventually.HoldsAsync(() =>
        {
            node.Time!.Advance(TimeSpan.FromMilliseconds(250));
            return Task.FromResult(_consumer.Taken.Count == 2);
        });
        _consumer.Taken.Select(Said).Should().Equal(
            (401, "token_spent", "The token was used before: each opens one connection. Ask the web app for a new one.", 1),
            (401, "token_spent", "The token was used before: each opens one connection. Ask the web app for a new one.", 49));
        _consumer.Taken.Should().OnlyContain(told => told.GetProperty("type").GetString() == "connection.refused");
        _consumer.Taken.Select(told => told.GetRawText()).Should().NotContain(told => told.Contains("subject") || told.Contains(token));
    }

    [Fact]
    public async Task What_the_client_has_asked_for_in_a_wrong_way_is_none_of_it()
    {
        await using var node = new Node(_consumer.Settings);
        var hub = new RawHub(node);

        (await hub.PollAsync("0123456789abcdefghijkl", await node.MintAsync("alice"))).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await hub.NegotiateAsync("wstokenofnobody")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);

        await _consumer.TakenAsync("connection.refused", 1);
        _consumer.Taken.Select(told => Said(told).Status).Should().Equal(401);
    }

    private static (int Status, string Code, string Reason, int Count) Said(JsonElement told)
    {
        var data = told.GetProperty("data");
        data.GetProperty("node").GetString().Should().NotBeNullOrEmpty();
        return (data.GetProperty("status").GetInt32(), data.GetProperty("code").GetString()!, data.GetProperty("reason").GetString()!,
            data.GetProperty("count").GetInt32());
    }
}
