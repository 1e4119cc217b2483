using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using RealtimeHub.Client;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Client;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Deploy;

/// <summary>Behind a proxy that lets no upgrade through and holds answers back.</summary>
public sealed class PlainNginxTests : IAsyncLifetime
{
    private readonly Node _node = new();
    private PlainNginx _nginx = null!;

    public async Task InitializeAsync() => _nginx = await PlainNginx.StartAsync(_node.Address.Port);

    public async Task DisposeAsync()
    {
        await _nginx.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Our_client_finds_long_polling_and_stays_with_it()
    {
        var tokens = 0;
        var received = new Recording<string>();
        await using var connection = new PushClient(new PushClientOptions
        {
            Url = new Uri(_nginx.Address, "hub"),
            Token = async _ =>
            {
                tokens++;
                return await _node.MintAsync("alice");
            },
            LoggerFactory = NullLoggerFactory.Instance,
        });
        connection.On("*", message => received.Add(message.Type));

        await connection.StartAsync(TimeSpan.FromSeconds(60));
        await PublishAsync("first");
        (await received.NextAsync()).Should().Be("first");
        tokens.Should().Be(3, "WebSockets, server-sent events and long polling were tried");

        await connection.StopAsync();
        await PublishAsync("away");
        await connection.StartAsync(TimeSpan.FromSeconds(60));
        (await received.NextAsync()).Should().Be("away");
        tokens.Should().Be(4, "what worked is remembered");
    }

    [Fact]
    public async Task The_stock_client_that_is_told_to_poll_receives()
    {
        await using var client =
            _nginx.ClientFor(async () => await _node.MintAsync("bob"), HttpTransportType.LongPolling, skipNegotiation: false);
        var received = await Received.ByAsync(client);

        await _node.Publisher.PublishAsync(Address.User("bob"), "hello", 7);

        (await received.NextAsync()).GetProperty("payload").GetInt32().Should().Be(7);
    }

    private Task<string> PublishAsync(string type) => _node.Publisher.PublishAsync(Address.User("alice"), type, 7);
}
