using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RealtimeHub.Control;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tests.Ingress.RabbitMq;

namespace RealtimeHub.Tests.Events;

/// <summary>What a backend is told through RabbitMQ.</summary>
[Collection(RabbitMqCollection.Name)]
public sealed class RabbitMqEventTests(RabbitServer rabbit) : IAsyncLifetime
{
    private readonly string _queue = RabbitServer.NewName();
    private readonly string _exchange = RabbitServer.NewName();
    private readonly RedisServer _redis = new();

    public Task InitializeAsync() => _redis.InitializeAsync();

    public Task DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task Events_are_published_under_their_type_and_outlive_the_broker()
    {
        await using var node = Telling();
        await BindAsync("connection.ended");

        await EndAsync(node, "alice", "Enough.");
        await Eventually.HoldsAsync(async () => await WithChannelAsync(channel => channel.MessageCountAsync(_exchange)) == 1);
        await rabbit.StopAsync();
        await rabbit.StartAsync();

        var told = (await WithChannelAsync(channel => channel.BasicGetAsync(_exchange, autoAck: true)))!;
        var body = JsonElement.Parse(told.Body.Span);
        told.RoutingKey.Should().Be("connection.ended");
        (told.BasicProperties.ContentType, told.BasicProperties.Type, told.BasicProperties.MessageId).Should().Be(
            ("application/cloudevents+json", "connection.ended", body.GetProperty("id").GetString()));
        body.GetProperty("subject").GetString().Should().Be("alice");
        body.GetProperty("data").GetProperty("reason").GetString().Should().Be("Enough.");
    }

    [Fact]
    public async Task What_happens_while_the_broker_is_away_comes_when_it_is_back_in_order()
    {
        await using var node = Telling();
        await BindAsync("connection.*");
        await rabbit.StopAsync();
        try
        {
            foreach (var reason in (string[])["1", "2", "3"])
            {
                await EndAsync(node, "alice", reason);
            }

            await RabbitMqTest.HasLoggedAsync(node, "EventsWait");
        }
        finally
        {
            await rabbit.StartAsync();
        }

        var reasons = new List<string?>();
        await Eventually.HoldsAsync(async () =>
        {
            if (await WithChannelAsync(channel => channel.BasicGetAsync(_exchange, autoAck: true)) is { } told)
            {
                reasons.Add(JsonElement.Parse(told.Body.Span).GetProperty("data").GetProperty("reason").GetString());
            }

            return reasons.Count >= 3;
        });
        reasons.Should().Equal("1", "2", "3");
    }

    [Theory]
    [InlineData("Events:RabbitMqExchange needs RabbitMq:Uri", "--Events:RabbitMqExchange", "events")]
    [InlineData("Events:RabbitMqExchange must be another than RabbitMq:Exchange", "--Events:RabbitMqExchange", "realtimehub", "--RabbitMq:Uri", "amqp://localhost")]
    [InlineData("Events:RabbitMqExchange must be a name of 1 to 250 bytes", "--Events:RabbitMqExchange", "amq.topic", "--RabbitMq:Uri", "amqp://localhost")]
    [InlineData("Events go to Events:Url or to Events:RabbitMqExchange", "--Events:RabbitMqExchange", "events", "--RabbitMq:Uri", "amqp://localhost", "--Events:Url", "http://localhost", "--Events:Secret", EventConsumer.Secret)]
    public async Task An_exchange_that_is_none_of_its_own_is_a_mistake(string mistake, params string[] settings)
    {
        var check = await CommandRun.OfAsync(["config", "check", "--environment", "Production", .. settings]);

        check.ExitCode.Should().Be(1);
        check.Output.Should().Contain($"error: {mistake}");
    }

    private Node Telling() => Node.On(_redis, [.. rabbit.Settings(_queue), ("Events:RabbitMqExchange", _exchange)]);

    private async Task BindAsync(string key)
    {
        await using var connection = await rabbit.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(_exchange, ExchangeType.Topic, durable: true);
        await channel.QueueDeclareAsync(_exchange, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(_exchange, _exchange, key);
    }

    private async Task<T> WithChannelAsync<T>(Func<IChannel, Task<T>> use)
    {
        await using var connection = await rabbit.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        return await use(channel);
    }

    private static async Task EndAsync(Node node, string user, string reason)
    {
        await using var client = node.ClientFor(user, skipNegotiation: true);
        await client.StartAsync();
        await client.InvokeAsync<JsonElement>("Resume", new { from = "head" });
        var ended = await node.Services.GetRequiredService<IConnectionControl>().EndUserAsync(user, new EndOptions { Reason = reason });
        ended.Ended.Should().Be(1);
    }
}
