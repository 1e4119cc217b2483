using System.Net;
using System.Net.WebSockets;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Connections;

public sealed class Http2Tests
{
    [Fact]
    public async Task A_websocket_over_HTTP_2_spends_its_token_like_any_other()
    {
        await using var node = new Node(("Kestrel:EndpointDefaults:Protocols", "Http2"));
        var uri = new Uri($"ws://{node.Address.Authority}/hub?access_token={await node.MintAsync("alice")}");
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        using var first = Socket();
        using var second = Socket();

        await first.ConnectAsync(uri, invoker, CancellationToken.None);
        var replay = await second.Awaiting(socket => socket.ConnectAsync(uri, invoker, CancellationToken.None)).Should()
            .ThrowAsync<WebSocketException>();

        first.State.Should().Be(WebSocketState.Open);
        replay.Which.Message.Should().Contain("401");
    }

    private static ClientWebSocket Socket() => new()
    {
        Options = { HttpVersion = HttpVersion.Version20, HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact },
    };
}
