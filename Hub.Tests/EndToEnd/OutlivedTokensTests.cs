using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RealtimeHub.Client;
using RealtimeHub.Presence;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.EndToEnd;

/// <summary>
/// Connections whose tokens let them stay for ten seconds. <c>Hub.Client.Js/tests/e2e/underControl.test.ts</c> has the same for the client
/// of JavaScript.
/// </summary>
public sealed class OutlivedTokensTests : IAsyncLifetime
{
    private const string Stock = "stock", Ours = "ours";

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Stay = TimeSpan.FromMinutes(1);

    private readonly RedisServer _redis = new();
    private readonly ConcurrentQueue<string> _seen = new();
    private Node _node = null!;
    private int _tokens;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _node = Node.On(_redis);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Our_client_and_the_stock_client_of_dotnet_11_stay_for_a_minute_on_one_connection()
    {
        await using var ours = OurClient();
        await ours.StartAsync();
        await using var stock = await StockProgram.ConnectAsync(
            StockProgram.Dotnet11, new Uri(_node.Address, "hub"), negotiates: true, () => MintAsync(Stock));
        (string Id, DateTimeOffset? Since)[] before = [await ConnectionAsync(Ours), await ConnectionAsync(Stock)];
        var end = Now + Stay;

        await Eventually.HoldsAsync(() => Task.FromResult(Now > end), Stay * 2);
        await PublishAsync(Ours);
        await PublishAsync(Stock);

        await Eventually.HoldsAsync(() => Task.FromResult(_seen.Contains("still here")));
        _seen.Should().Equal("Connecting", "Connected", "still here");
        (await stock.NextAsync()).Should().StartWith("received").And.Contain("still here");
        (string Id, DateTimeOffset? Since)[] after = [await ConnectionAsync(Ours), await ConnectionAsync(Stock)];
        after.Should().Equal(before);
        (await stock.StopAsync()).Should().NotContain("reconnecting");
        _tokens.Should().BeGreaterThan((int)(Stay / Lifetime));
        stock.TokensAsked.Should().BeGreaterThan((int)(Stay / Lifetime));
    }

    private PushClient OurClient()
    {
        var client = new PushClient(new PushClientOptions
        {
            Url = new Uri(_node.Address, "hub"),
            Token = async _ =>
            {
                _tokens++;
                return await MintAsync(Ours);
            },
            LoggerFactory = NullLoggerFactory.Instance,
        });
        client.OnState(change => _seen.Enqueue($"{change.State}"));
        client.On("*", message => _seen.Enqueue(message.Type));
        return client;
    }

    private async Task<string> MintAsync(string user) =>
        (await _node.Tokens.MintAsync(new TokenRecord { Subject = user, ExpiresAt = Now + Lifetime })).Reveal();

    private Task<string> PublishAsync(string user) => _node.Publisher.PublishAsync(Address.User(user), "still here", new { });

    private async Task<(string Id, DateTimeOffset? Since)> ConnectionAsync(string user)
    {
        var connection = (await _node.Services.GetRequiredService<IConnections>().GetAsync(user)).Connections.Single();
        return (connection.Id, connection.Since);
    }
}
