using System.Net;
using System.Net.WebSockets;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Authentication;

/// <summary>One token, one connection, on every transport; and a connection that nobody else can touch.</summary>
public sealed class NegotiatedConnectionTests(InMemoryNode fixture) : IClassFixture<InMemoryNode>
{
    private const string NeverMinted = "wstokenBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";

    private readonly Node _node = fixture.Node;
    private readonly RawHub _hub = new(fixture.Node);

    [Fact]
    public async Task The_first_token_and_the_grant_both_belong_to_the_connection()
    {
        var token = await _node.MintAsync("alice");
        var (connection, grant) = await _hub.NegotiatedAsync(token);

        await _hub.OpenAsync(connection, token);

        (await _hub.PostAsync(connection, grant, "{\"type\":6}\u001e")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await _hub.DeleteAsync(connection, grant)).StatusCode.Should().Be(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_fresh_token_of_the_same_user_is_spent_and_let_in()
    {
        var (connection, grant) = await _hub.NegotiatedAsync(await _node.MintAsync("alice"));
        await _hub.OpenAsync(connection, grant);
        var fresh = await _node.MintAsync("alice");

        (await _hub.PostAsync(connection, fresh, "{\"type\":6}\u001e")).StatusCode.Should().Be(HttpStatusCode.OK);
        await (await _hub.NegotiateAsync(fresh)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_spent");
    }

    [Fact]
    public async Task A_token_that_is_good_for_nothing_opens_no_connection_of_its_user_either()
    {
        var (connection, grant) = await _hub.NegotiatedAsync(await _node.MintAsync("alice"));
        var spent = await _node.MintAsync("alice");
        (await _hub.UpgradeAsync($"access_token={spent}")).StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);

        await (await _hub.PollAsync(connection, spent)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_spent");
        await (await _hub.PollAsync(connection, NeverMinted)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_unknown");

        await _hub.OpenAsync(connection, grant);
    }

    [Fact]
    public async Task Beside_its_grant_a_client_may_leave_its_own_token_in_the_address_and_no_other()
    {
        var (own, other) = (await _node.MintAsync("alice"), await _node.MintAsync("alice"));
        var (connection, grant) = await _hub.NegotiatedAsync(own);

        await (await _hub.SendAsync(HttpMethod.Get, $"hub?id={connection}&access_token={other}", grant)).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");
        await (await _hub.SendAsync(HttpMethod.Post, $"hub/negotiate?negotiateVersion=1&access_token={other}", grant)).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");

        (await _hub.SendAsync(HttpMethod.Get, $"hub?id={connection}&access_token={own}", grant)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await _hub.NegotiateAsync(other)).StatusCode.Should().Be(HttpStatusCode.OK, "it is not spent");
    }

    [Fact]
    public async Task Who_tries_to_get_at_the_connection_of_another_is_told_of_in_the_log()
    {
        await using var node = new Node(); // Of its own: a line sums up what came together, and names only some.
        var hub = new RawHub(node);
        var (connection, _) = await hub.NegotiatedAsync(await node.MintAsync("alice"));
        var token = await node.MintAsync("mallory");

        await (await hub.PollAsync(connection, token)).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");

        var fingerprint = Node.Sha256(token)[..8];
        await Eventually.HoldsAsync(() => Task.FromResult(node.Log.Lines.Any(line => line.Contains("ConnectionForeign") && line.Contains($"#{fingerprint} for #"))));
    }

    [Fact]
    public async Task A_negotiated_connection_opens_over_a_WebSocket_of_HTTP_2()
    {
        await using var node = new Node(("Kestrel:EndpointDefaults:Protocols", "Http2"));
        using var http = new HttpClient
        {
            BaseAddress = node.Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        var (connection, grant) = await new RawHub(http).NegotiatedAsync(await node.MintAsync("alice"));
        using var socket = new ClientWebSocket
        {
            Options = { HttpVersion = HttpVersion.Version20, HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact },
        };

        await socket.ConnectAsync(new Uri($"ws://{node.Address.Authority}/hub?id={connection}&access_token={grant}"), invoker, CancellationToken.None);

        socket.State.Should().Be(WebSocketState.Open);
    }

    [Theory]
    [InlineData("fresh token")]
    [InlineData("negotiated token")]
    [InlineData("grant")]
    [InlineData("forged grant")]
    public async Task Nobody_else_gets_at_a_connection(string credential)
    {
        var (connection, grant) = await _hub.NegotiatedAsync(await _node.MintAsync("alice"));
        await _hub.OpenAsync(connection, grant);

        await (await _hub.PostAsync(connection, await OfMalloryAsync(), "{\"type\":7}\u001e")).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");
        await (await _hub.DeleteAsync(connection, await OfMalloryAsync())).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");
        await (await _hub.PollAsync(connection, await OfMalloryAsync())).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");
        await (await _hub.UpgradeAsync($"id={connection}&access_token={await OfMalloryAsync()}")).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");

        (await _hub.PostAsync(connection, grant, "{\"type\":6}\u001e")).StatusCode.Should().Be(HttpStatusCode.OK, "the connection is untouched");

        async Task<string> OfMalloryAsync()
        {
            var token = await _node.MintAsync("mallory");
            return credential switch
            {
                "fresh token" => token,
                "forged grant" => "wsgrantCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC",
                "grant" => (await _hub.NegotiatedAsync(token)).Grant,
                _ => await NegotiateWithAsync(token),
            };
        }

        async Task<string> NegotiateWithAsync(string token)
        {
            await _hub.NegotiatedAsync(token);
            return token;
        }
    }

    [Fact]
    public async Task A_connection_is_nothing_without_a_credential()
    {
        var (connection, _) = await _hub.NegotiatedAsync(await _node.MintAsync("alice"));

        await (await _hub.PollAsync(connection, null)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_missing");
    }

    [Fact]
    public async Task A_grant_negotiates_again_until_its_connection_has_opened()
    {
        var (_, grant) = await _hub.NegotiatedAsync(await _node.MintAsync("alice"));
        var (second, sameGrant) = await _hub.NegotiatedAsync(grant);
        await _hub.OpenAsync(second, grant);

        sameGrant.Should().Be(grant);
        await (await _hub.NegotiateAsync(grant)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_spent");
    }

    [Fact]
    public async Task Of_the_connections_that_a_grant_negotiates_only_the_last_can_open()
    {
        var (first, grant) = await _hub.NegotiatedAsync(await _node.MintAsync("alice"));
        var (second, _) = await _hub.NegotiatedAsync(grant);

        await (await _hub.PollAsync(first, grant)).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "connection_unknown");
        await _hub.OpenAsync(second, grant);
    }

    [Fact]
    public async Task A_connection_that_is_about_to_open_is_ended_if_its_client_has_negotiated_another()
    {
        var (first, grant) = await _hub.NegotiatedAsync(await _node.MintAsync("alice"));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{_node.Address.Authority}/hub?id={first}&access_token={grant}"), CancellationToken.None);
        var (second, _) = await _hub.NegotiatedAsync(grant);

        await socket.SendAsync("{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);

        await UntilClosedAsync(socket);
        await _hub.OpenAsync(second, grant);
    }

    [Fact]
    public async Task A_grant_opens_no_connection_by_itself()
    {
        var (_, grant) = await _hub.NegotiatedAsync(await _node.MintAsync("alice"));

        await (await _hub.UpgradeAsync($"access_token={grant}")).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_unknown");
    }

    [Fact]
    public async Task A_grant_is_no_endless_source_of_negotiates()
    {
        var (_, grant) = await _hub.NegotiatedAsync(await _node.MintAsync("alice"));
        for (var negotiates = 1; negotiates < 8; negotiates++)
        {
            await _hub.NegotiatedAsync(grant);
        }

        await (await _hub.NegotiateAsync(grant)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_spent");
    }

    [Fact]
    public async Task A_client_of_an_older_protocol_is_told_so()
    {
        var answer = await _hub.SendAsync(HttpMethod.Post, "hub/negotiate", await _node.MintAsync("alice"));

        (await answer.Content.ReadAsStringAsync()).Should().Contain("error").And.NotContain("wsgrant");
    }

    private static async Task UntilClosedAsync(ClientWebSocket socket)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var buffer = new byte[1_024];
        while ((await socket.ReceiveAsync(buffer, deadline.Token)).MessageType != WebSocketMessageType.Close)
        {
        }
    }
}
