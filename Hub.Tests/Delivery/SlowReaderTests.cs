using System.Net.WebSockets;
using System.Text;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Delivery;

public sealed class SlowReaderTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task A_client_that_does_not_read_holds_up_nobody_and_is_let_go()
    {
        using var stalled = await StalledAsync("stalled", "room");
        await using var reader = nodes.First.ClientFor(async () => await nodes.First.MintAsync("reader", "room"));
        var received = await Received.ByAsync(reader);

        const int messages = 300;
        for (var number = 0; number < messages; number++)
        {
            await nodes.Second.Publisher.PublishAsync(Address.Group("room"), $"n{number}", new string('x', 60_000));

            // One by one, or a reader whom the machine gives no time is as slow as the one who does not read.
            (await received.NextAsync()).GetProperty("type").GetString().Should().Be($"n{number}");
        }

        await Eventually.HoldsAsync(async () => !await nodes.Redis.Database.KeyExistsAsync("hub:{user%3Astalled}:connections"));
        nodes.First.Log.Lines.Should().Contain(line => line.Contains("ConnectionEnded: Connections were ended (1): too_slow, of user:stalled.", StringComparison.Ordinal));
    }

    /// <summary>A client that says hello and never reads again.</summary>
    private async Task<ClientWebSocket> StalledAsync(string user, string group)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {await nodes.First.MintAsync(user, group)}");
        await socket.ConnectAsync(new UriBuilder(nodes.First.Address) { Scheme = "ws", Path = "hub" }.Uri, CancellationToken.None);
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        await socket.ReceiveAsync(new byte[1024], CancellationToken.None);
        await Eventually.HoldsAsync(() => nodes.Redis.Database.KeyExistsAsync($"hub:{{user%3A{user}}}:connections"));
        return socket;
    }
}
