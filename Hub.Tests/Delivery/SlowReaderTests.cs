using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Delivery;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tests.Resuming;

namespace RealtimeHub.Tests.Delivery;

public sealed class SlowReaderTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task A_client_that_does_not_read_holds_up_nobody_is_ended_and_gets_it_all_when_it_is_back()
    {
        var before = await nodes.Second.Publisher.PublishAsync(Address.Group("room"), "before", 0);
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
        (await MissedAsync(nodes.First, await nodes.First.MintAsync("stalled", "room"), "group:room", before)).Should()
            .Equal(Enumerable.Range(0, messages).Select(number => $"n{number}"));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task A_client_for_which_little_waits_for_too_long_is_ended_on_either_transport_and_gets_it_all_when_it_is_back(string own)
    {
        await using var node = new Node(("Limits:WaitingTime", "00:00:01"), ("Transport:Enabled", own))
        {
            Additions = host => host.Configure<SocketTransportOptions>(SmallBuffers.Listen),
        };
        var before = await node.Publisher.PublishAsync(Address.User("alice"), "before", 0);
        await using var reader = node.ClientFor("alice");
        var received = await Received.ByAsync(reader);
        using var stalled = await SmallBuffers.OpenAsync(node, await node.MintAsync("alice"));
        await Eventually.HoldsAsync(() => Task.FromResult(node.Services.GetRequiredService<ConnectionRegistry>().Count == 2));

        for (var number = 0; number < 10; number++)
        {
            await node.Publisher.PublishAsync(Address.User("alice"), $"n{number}", new string('x', 60_000));
            (await received.NextAsync()).GetProperty("type").GetString().Should().Be($"n{number}");
        }

        await Eventually.HoldsAsync(() => Task.FromResult(node.Log.Lines.Any(
            line => line.Contains("ConnectionEnded: Connections were ended (1): too_slow, of user:alice.", StringComparison.Ordinal))));
        (await MissedAsync(node, await node.MintAsync("alice"), "user:alice", before)).Should().Equal(Enumerable.Range(0, 10).Select(number => $"n{number}"));
    }

    /// <summary>What a client with this token gets at an address that was away since this message.</summary>
    private static async Task<List<string>> MissedAsync(Node node, string token, string address, string since)
    {
        var (missed, cursor) = (new List<string>(), since);
        await using var client = node.ClientFor(() => Task.FromResult<string?>(token));
        await client.StartAsync();
        while (true)
        {
            var reply = new ResumeReply(await client.InvokeAsync<JsonElement>(
                "Resume", new { cursors = new Dictionary<string, string> { [address] = cursor } }));
            var page = reply[address];
            page.Recovered.Should().BeTrue();
            missed.AddRange(page.Types);
            cursor = page.Cursor;
            if (!reply.More)
            {
                return missed;
            }
        }
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
