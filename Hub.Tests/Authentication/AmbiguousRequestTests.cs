using System.Net;
using System.Net.WebSockets;
using System.Text;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Authentication;

/// <summary>
/// What two readers could read in two ways is read by nobody: refused before anything is looked up, on every kind of request, and nothing
/// is spent.
/// </summary>
public sealed class AmbiguousRequestTests(InMemoryNode fixture) : IClassFixture<InMemoryNode>
{
    private static readonly string[] KindsOfRequest = ["WebSocket", "Server-Sent Events", "poll", "send", "end", "negotiate"];

    /// <summary>Spellings of <c>?id=</c>, where X is the connection of somebody else and Y is none.</summary>
    private static readonly string[] SpellingsOfConnection =
    [
        "id=X&id=", "id=&id=X", "id=X&id=X", "id=Y&id=X", "id=X&id", "id&id=X", "id=X&ID=", "ID=X", "Id=X&id=X", "%69d=X", "i%64=X&id=Y", "%49%44=X", "id=&%69d=X",
        "id=", "id", "id=%X", "id=X+", "id=X%20", "id=X&&id=", "=&id=X&id=",
    ];

    private readonly Node _node = fixture.Node;
    private readonly RawHub _hub = new(fixture.Node);

    public static TheoryData<string> Spellings => [.. SpellingsOfConnection];

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task However_a_connection_is_named_nobody_gets_at_that_of_another(string spelling)
    {
        var (connection, grant) = await _hub.NegotiatedAsync(await _node.MintAsync("alice"));
        var token = await _node.MintAsync("mallory");
        var query = Spelled(spelling, connection);

        foreach (var kind in KindsOfRequest)
        {
            await (await SendAsync(_hub, kind, query, token)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "request_ambiguous");
            await (await SendAsync(_hub, kind, $"{query}&access_token={token}", null)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "request_ambiguous");
        }

        await _hub.OpenAsync(connection, grant);
        await ShouldBeUnspentAsync(_node, token);
    }

    [Fact]
    public async Task Nor_over_HTTP_2()
    {
        await using var node = new Node(("Kestrel:EndpointDefaults:Protocols", "Http2"));
        using var http = new HttpClient
        {
            BaseAddress = node.Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        var hub = new RawHub(http);
        var (connection, grant) = await hub.NegotiatedAsync(await node.MintAsync("alice"));
        var token = await node.MintAsync("mallory");

        foreach (var query in SpellingsOfConnection.Select(spelling => Spelled(spelling, connection)))
        {
            foreach (var kind in KindsOfRequest.Except(["WebSocket"]))
            {
                await (await SendAsync(hub, kind, query, token)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "request_ambiguous");
            }

            using var socket = new ClientWebSocket
            {
                Options = { HttpVersion = HttpVersion.Version20, HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact },
            };
            var address = new Uri($"ws://{node.Address.Authority}/hub?{query}&access_token={token}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            var refused = await socket.Awaiting(opening => opening.ConnectAsync(address, invoker, CancellationToken.None)).Should()
                .ThrowAsync<WebSocketException>();
            refused.Which.Message.Should().Contain("400");
        }

        await hub.OpenAsync(connection, grant);
        await ShouldBeUnspentAsync(node, token);
    }

    [Fact]
    public async Task Nor_over_HTTP_2_with_a_header_of_HTTP_1()
    {
        await using var node = new Node(("Kestrel:EndpointDefaults:Protocols", "Http2"));
        var token = await node.MintAsync("mallory");

        foreach (var header in (string[])["upgrade: websocket", "transfer-encoding: chunked"])
        {
            (await RawHttp2.StatusOfAsync(node.Address, "POST", $"/hub/negotiate?negotiateVersion=1&access_token={token}", header)).Should().Be(400);
        }

        await ShouldBeUnspentAsync(node, token);
    }

    [Theory]
    [InlineData("access_token=T&access_token=T")]
    [InlineData("access_token=T&access_token=U")]
    [InlineData("access_token=T&access_token=")]
    [InlineData("access_token=&access_token=T")]
    [InlineData("access_token=T&ACCESS_TOKEN=T")]
    [InlineData("Access_Token=T")]
    [InlineData("access%5Ftoken=T")]
    [InlineData("access_token=%77stoken")]
    [InlineData("access_token=T%0a")]
    [InlineData("access_token=T+")]
    [InlineData("access_token=")]
    [InlineData("access_token")]
    [InlineData("access_token=T&useStatefulReconnect=true&useStatefulReconnect=false")]
    [InlineData("access_token=T&negotiateVersion=1&NegotiateVersion=0")]
    public async Task A_query_that_shows_a_token_twice_or_in_another_spelling_is_refused(string query)
    {
        var (token, other) = (await _node.MintAsync("alice"), await _node.MintAsync("alice"));
        var spelled = query.Replace("=T", $"={token}", StringComparison.Ordinal).Replace("=U", $"={other}", StringComparison.Ordinal);

        foreach (var kind in KindsOfRequest.Except(spelled.Contains("egotiateVersion", StringComparison.Ordinal) ? ["negotiate"] : []))
        {
            await (await SendAsync(_hub, kind, spelled, null)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "request_ambiguous");
        }

        await ShouldBeUnspentAsync(_node, token);
        await ShouldBeUnspentAsync(_node, other);
    }

    [Theory]
    [InlineData("Authorization: Bearer T", "Authorization: Bearer T")]
    [InlineData("Authorization: Bearer T", "Authorization: Bearer U")]
    [InlineData("Authorization: Basic eDp5", "Authorization: Bearer T")]
    [InlineData("authorization: Bearer T", "AUTHORIZATION: ")]
    [InlineData("Authorization: Bearer T, Bearer U")]
    [InlineData("Authorization: Bearer T,")]
    [InlineData("Authorization: Bearer")]
    [InlineData("Authorization: bearer  ")]
    [InlineData("Authorization: ")]
    [InlineData("Authorization: Bearer T", "Sec-WebSocket-Protocol: realtimehub, U")]
    [InlineData("Sec-WebSocket-Protocol: realtimehub, T, U")]
    [InlineData("Sec-WebSocket-Protocol: realtimehub, T, realtimehub")]
    [InlineData("Sec-WebSocket-Protocol: realtimehub, T, chat")]
    [InlineData("Sec-WebSocket-Protocol: T, realtimehub")]
    [InlineData("Sec-WebSocket-Protocol: RealtimeHub, T")]
    [InlineData("Sec-WebSocket-Protocol: realtimehub,, T")]
    [InlineData("Sec-WebSocket-Protocol: realtimehub,")]
    [InlineData("Sec-WebSocket-Protocol: realtimehub")]
    [InlineData("Sec-WebSocket-Protocol: chat, T")]
    [InlineData("Sec-WebSocket-Protocol: T")]
    [InlineData("Sec-WebSocket-Protocol: realtimehub", "Sec-WebSocket-Protocol: T")]
    [InlineData("Sec-WebSocket-Protocol: realtimehub, T", "Sec-WebSocket-Protocol: realtimehub, U")]
    [InlineData("Sec-WebSocket-Protocol: ")]
    [InlineData("Authorization: Bearer T", "Origin: http://HOST", "Origin: https://evil.example")]
    [InlineData("Authorization: Bearer T", "Origin: ")]
    public async Task Headers_that_show_two_things_or_nothing_are_refused(params string[] headers)
    {
        var (token, other) = (await _node.MintAsync("alice"), await _node.MintAsync("alice"));
        string[] spelled = [.. headers.Select(header => header
            .Replace(" T", $" {token}", StringComparison.Ordinal).Replace(" U", $" {other}", StringComparison.Ordinal)
                .Replace("HOST", _node.Address.Authority, StringComparison.Ordinal))];

        (await SayAsync("GET /hub", ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", .. spelled]))
            .Should().StartWith("HTTP/1.1 400").And.Contain("request_ambiguous").And.NotContain(token);
        (await SayAsync("POST /hub/negotiate?negotiateVersion=1", ["Content-Length: 0", .. spelled])).Should().StartWith("HTTP/1.1 400").And.Contain("request_ambiguous");

        await ShouldBeUnspentAsync(_node, token);
        await ShouldBeUnspentAsync(_node, other);
    }

    [Fact]
    public async Task Tokens_in_two_places_are_refused_and_none_is_spent()
    {
        string[] tokens = [await _node.MintAsync("alice"), await _node.MintAsync("alice"), await _node.MintAsync("alice")];

        foreach (var answer in (HttpResponseMessage[])
        [
            await _hub.UpgradeAsync($"access_token={tokens[0]}", ("Authorization", $"Bearer {tokens[1]}")),
            await _hub.UpgradeAsync($"access_token={tokens[0]}", ("Authorization", $"Bearer {tokens[0]}")),
            await _hub.UpgradeAsync($"access_token={tokens[0]}", ("Sec-WebSocket-Protocol", $"realtimehub, {tokens[1]}")),
            await _hub.UpgradeAsync($"access_token={tokens[0]}", ("Sec-WebSocket-Protocol", $"realtimehub, {tokens[1]}, {tokens[2]}")),
            await _hub.UpgradeAsync($"access_token={tokens[0]}", ("Sec-WebSocket-Protocol", $"realtimehub, {tokens[1]}"), ("Authorization", $"Bearer {tokens[2]}")),
            await _hub.UpgradeAsync($"access_token=nonsense", ("Authorization", $"Bearer {tokens[2]}")),
        ])
        {
            await answer.ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "request_ambiguous");
        }

        foreach (var token in tokens)
        {
            await ShouldBeUnspentAsync(_node, token);
        }
    }

    [Fact]
    public async Task What_means_nothing_to_the_hub_may_stand_beside_it()
    {
        (await _hub.UpgradeAsync($"a=1&a=&A=%20&access_token={await _node.MintAsync("alice")}&identity=x&i=1&d=2")).StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);
        (await _hub.UpgradeAsync($"access_token={await _node.MintAsync("alice")}", ("Authorization", "Basic eDp5"))).StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);
        (await _hub.UpgradeAsync($"access_token={await _node.MintAsync("alice")}", ("Sec-WebSocket-Protocol", "chat, superchat"))).StatusCode.Should().Be(HttpStatusCode.SwitchingProtocols);
        (await _hub.NegotiateAsync(null, ("Authorization", $"bearer  {await _node.MintAsync("alice")}"))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Basic eDp5")]
    [InlineData("Digest username=\"x\"")]
    [InlineData("NTLM")]
    [InlineData("Bearers x")]
    public async Task The_word_of_another_scheme_is_no_credential_of_ours(string authorization)
    {
        await (await _hub.NegotiateAsync(null, ("Authorization", authorization))).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_missing");
        (await _hub.UpgradeAsync($"access_token={await _node.MintAsync("alice")}", ("Authorization", authorization))).StatusCode.Should()
            .Be(HttpStatusCode.SwitchingProtocols);
    }

    [Theory]
    [InlineData("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")]
    [InlineData("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 8", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")]
    [InlineData("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: short")]
    [InlineData("Upgrade: websocket", "Connection: keep-alive", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")]
    [InlineData("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Accept: text/event-stream")]
    [InlineData("Upgrade: h2c", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")]
    public async Task A_handshake_that_SignalR_would_not_take_for_one_spends_nothing(params string[] headers)
    {
        var token = await _node.MintAsync("alice");

        (await SayAsync($"GET /hub?access_token={token}", headers)).Should().StartWith("HTTP/1.1 400").And.Contain("connection_missing");

        await ShouldBeUnspentAsync(_node, token);
    }

    private static string Spelled(string spelling, string connection) => spelling
        .Replace("%X", string.Concat(connection.Select(character => $"%{(int)character:x2}")), StringComparison.Ordinal)
        .Replace("=X", $"={connection}", StringComparison.Ordinal).Replace("=Y", "=AAAAAAAAAAAAAAAAAAAAAA", StringComparison.Ordinal);

    private static Task<HttpResponseMessage> SendAsync(RawHub hub, string kind, string query, string? token) => kind switch
    {
        "WebSocket" => hub.UpgradeAsync(query, token is null ? [] : [("Authorization", $"Bearer {token}")]),
        "Server-Sent Events" => hub.SendAsync(HttpMethod.Get, $"hub?{query}", token, ("Accept", "text/event-stream")),
        "poll" => hub.SendAsync(HttpMethod.Get, $"hub?{query}", token),
        "send" => hub.SendAsync(HttpMethod.Post, $"hub?{query}", token),
        "end" => hub.SendAsync(HttpMethod.Delete, $"hub?{query}", token),
        _ => hub.SendAsync(HttpMethod.Post, $"hub/negotiate?negotiateVersion=1&{query}", token),
    };

    /// <summary>Sends a request line and headers as they stand, and reads the answer to its end.</summary>
    private async Task<string> SayAsync(string request, string[] headers)
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _node.Address.Port);
        var stream = socket.GetStream();
        string[] lines = [$"{request} HTTP/1.1", $"Host: {_node.Address.Authority}", .. headers, "", ""];
        await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Join("\r\n", lines)));
        var answer = "";
        var buffer = new byte[4_096];
        while (!answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer) is var count and > 0)
        {
            answer += Encoding.UTF8.GetString(buffer, 0, count);
        }

        return answer;
    }

    private static async Task ShouldBeUnspentAsync(Node node, string token)
    {
        AccessToken.TryParse(token, out var parsed).Should().BeTrue();
        (await node.Tokens.SpendAsync(parsed)).IsAccepted.Should().BeTrue("the refused request must not have spent the token");
    }
}
