using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Transport;

/// <summary>
/// What a hub and its clients may rely on over a WebSocket that nobody has negotiated, whichever transport carries it. The hub is a host's
/// own, with nothing of ours but the token.
/// </summary>
public abstract class TransportContract(bool isOwn) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private ContractHost _host = null!;

    public async Task InitializeAsync() => _host = await ContractHost.StartAsync(isOwn);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public void It_is_the_transport_that_the_setting_says() =>
        _host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<RealtimeHub.Transport.TransportOptions>>().Value.Enabled
            .Should().Be(isOwn);

    [Fact]
    public async Task A_client_calls_and_is_answered_and_streams_go_both_ways()
    {
        await using var client = await StockClientAsync();

        (await client.InvokeAsync<string>("Echo", "ü" + new string('x', 2_000))).Should().Be("ü" + new string('x', 2_000));
        (await client.StreamAsync<int>("Down", 100).CountAsync()).Should().Be(100);
        (await client.InvokeAsync<int>("Up", Enumerable.Range(1, 100).ToAsyncEnumerable())).Should().Be(5_050);
    }

    [Fact]
    public async Task A_hub_sees_its_user_the_request_the_transport_and_what_it_has_kept()
    {
        await using var client = await StockClientAsync();

        (await client.InvokeAsync<string>("WhoAmI")).Should().Be("alice");
        (await client.InvokeAsync<string>("Header", "X-Of-The-Request")).Should().Be("seen");
        (await client.InvokeAsync<string>("Transport")).Should().Be("WebSockets");
        (await client.InvokeAsync<string>("Remote")).Should().Be("127.0.0.1");
        await client.InvokeAsync<int>("Count");
        (await client.InvokeAsync<int>("Count")).Should().Be(2);
    }

    [Fact]
    public async Task What_is_logged_of_a_connection_bears_its_id()
    {
        await using var client = await StockClientAsync();

        var id = await client.InvokeAsync<string>("Id");

        // It opens a negotiated connection, so the log has the first digits of its hash.
        var logged = $"#{Node.Sha256(id)[..8]}";
        _host.Log.Lines.Should().Contain(line => line.Contains("HubConnectionHandler", StringComparison.Ordinal)
            && line.Contains($"TransportConnectionId:{logged}", StringComparison.Ordinal)
            && line.Contains($"[TransportConnectionId, {logged}]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_hears_nothing_else_hears_pings()
    {
        using var client = await GreetedAsync();

        (await client.NextOfAllAsync()).Should().Be("""{"type":6}""");
    }

    [Fact]
    public async Task A_client_that_pings_once_and_then_says_nothing_is_closed_and_told_why()
    {
        using var client = await GreetedAsync();

        await client.SendAsync("{\"type\":6}\u001e");

        (await client.NextAsync()).Should().StartWith("""{"type":7,"error":""");
        (await EndAsync(client)).Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"protocol":""")]
    public async Task A_client_that_does_not_come_to_the_end_of_its_handshake_is_closed_and_told_why(string hello)
    {
        await using var host = await ContractHost.StartAsync(isOwn, handshakeTimeout: TimeSpan.FromSeconds(1));
        using var client = await RawClient.ConnectAsync(host.Hub("chat"), await host.MintAsync());
        if (hello.Length > 0)
        {
            await client.SendAsync(hello);
        }

        (await client.NextAsync()).Should().Be("""{"error":"Handshake was canceled."}""");
        (await EndAsync(client)).Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task A_client_of_an_unknown_protocol_is_closed_and_told_why()
    {
        using var client = await RawAsync("chat");

        await client.SendAsync("""{"protocol":"smoke","version":1}""" + "\u001e");

        (await client.NextAsync()).Should().Contain("smoke");
        (await EndAsync(client)).Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Too_large_a_message_in_one_frame_or_in_a_fragment_without_end_closes_the_connection(bool isOneFrame)
    {
        using var client = await GreetedAsync();
        var text = new string('x', ContractHost.LargestMessage);

        await client.SendAsync(RawClient.Invocation("Echo", $"\"{text}")[..^1], isEnd: isOneFrame);

        await IsTooLargeAsync(client);
    }

    [Fact]
    public async Task Fragments_without_end_are_together_too_large_a_message()
    {
        using var client = await GreetedAsync();

        for (var sent = 0; sent <= ContractHost.LargestMessage; sent++)
        {
            await client.SendAsync("x", isEnd: false);
        }

        await IsTooLargeAsync(client);
    }

    [Fact]
    public async Task Too_large_a_handshake_closes_the_connection()
    {
        using var client = await RawAsync("chat");

        await client.SendAsync(new string(' ', ContractHost.LargestMessage + 1));

        (await client.NextAsync()).Should().StartWith("""{"error":""");
        (await EndAsync(client)).Should().Be(StatusOfTooLarge);
    }

    [Theory]
    [InlineData("no json", WebSocketMessageType.Text)]
    [InlineData("no json", WebSocketMessageType.Binary)]
    [InlineData("\0\u0001\u0002", WebSocketMessageType.Binary)]
    public async Task What_is_no_message_closes_the_connection(string message, WebSocketMessageType type)
    {
        using var client = await GreetedAsync();

        await client.SendAsync(message + "\u001e", type: type);

        (await client.NextAsync()).Should().StartWith("""{"type":7,"error":""");
        (await EndAsync(client)).Should().Be(WebSocketCloseStatus.NormalClosure);
        (await _host.EndedAsync()).Should().Be("InvalidDataException");
    }

    /// <summary>RFC 6455: not masked, an opcode that means nothing, a ping that is too long, text that is no UTF-8.</summary>
    [Theory]
    [InlineData(new byte[] { 0x81, 8, 1, 2, 3, 4, 5, 6, 7, 8 }, 1002)]
    [InlineData(new byte[] { 0x83, 0x80, 0, 0, 0, 0 }, 1002)]
    [InlineData(new byte[] { 0x89, 0xFE, 1, 0, 0, 0, 0, 0 }, 1002)]
    [InlineData(new byte[] { 0x81, 0x81, 0, 0, 0, 0, 0xFF }, 1007)]
    public async Task A_frame_that_breaks_the_protocol_of_WebSockets_closes_the_connection(byte[] frame, int status)
    {
        using var client = await FramesAsync();

        await client.SendAsync(frame);

        (await client.NextAsync()).Should().BeNull();
        client.ClosedWith.Should().Be(status);
        await _host.EndedAsync();
    }

    [Fact]
    public async Task Messages_may_come_in_fragments_and_several_in_one_and_with_empty_ones_between()
    {
        using var client = await GreetedAsync();
        foreach (var character in RawClient.Invocation("Echo", "\"a\"", "1"))
        {
            await client.SendAsync("", isEnd: false);
            await client.SendAsync($"{character}", isEnd: false);
        }

        await client.SendAsync(RawClient.Invocation("Echo", "\"b\"", "2") + RawClient.Invocation("Echo", "\"c\"", "3")[..10]);
        await client.SendAsync("");
        await client.SendAsync(RawClient.Invocation("Echo", "\"c\"", "3")[10..]);

        (await client.NextAsync()).Should().Be("""{"type":3,"invocationId":"1","result":"a"}""");
        (await client.NextAsync()).Should().Be("""{"type":3,"invocationId":"2","result":"b"}""");
        (await client.NextAsync()).Should().Be("""{"type":3,"invocationId":"3","result":"c"}""");
    }

    [Fact]
    public async Task Text_that_comes_in_binary_frames_is_text()
    {
        using var client = await RawAsync("chat");

        await client.SendAsync(RawClient.Hello + RawClient.Invocation("Echo", "\"a\""), type: WebSocketMessageType.Binary);

        (await client.NextAsync()).Should().Be("{}");
        (await client.NextAsync()).Should().Be("""{"type":3,"invocationId":"1","result":"a"}""");
    }

    [Fact]
    public async Task Many_pings_of_the_WebSocket_itself_disturb_nothing()
    {
        using var client = await RawAsync("chat", configure: options =>
        {
            options.KeepAliveInterval = TimeSpan.FromMilliseconds(1);
            options.KeepAliveTimeout = Deadline;
        });
        await client.GreetAsync();

        for (var call = 0; call < 200; call++)
        {
            await client.InvokeAsync("Echo", $"\"{call}\"");
            (await client.NextAsync()).Should().Be($$"""{"type":3,"invocationId":"1","result":"{{call}}"}""");
        }
    }

    [Fact]
    public async Task A_hub_that_aborts_closes_the_connection()
    {
        using var client = await GreetedAsync();

        await client.InvokeAsync("Leave");

        while (await client.NextAsync() is { } last)
        {
            last.Should().NotContain("\"error\"");
        }

        client.ClosedWith.Should().Be(WebSocketCloseStatus.NormalClosure);
        (await _host.EndedAsync()).Should().Be("by itself");
    }

    [Fact]
    public async Task A_hub_that_fails_as_a_client_comes_closes_the_connection_and_says_so()
    {
        using var client = await RawAsync("chat", user: "unwanted");
        await client.GreetAsync();

        (await client.NextAsync()).Should().StartWith("""{"type":7,"error":""");
        (await EndAsync(client)).Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task When_the_tokens_time_is_over_the_client_is_asked_to_come_again()
    {
        using var client = await RawAsync("chat", expires: TimeSpan.FromSeconds(2));
        await client.GreetAsync();

        (await client.NextAsync()).Should().Be("""{"type":7,"allowReconnect":true}""");
        (await EndAsync(client)).Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task A_hub_that_does_not_ask_for_it_keeps_a_client_beyond_the_time_of_its_token()
    {
        using var going = await RawAsync("chat", expires: TimeSpan.FromSeconds(2));
        await using var staying = Stock("lasting", TimeSpan.FromSeconds(1));
        await staying.StartAsync();
        await going.GreetAsync();

        while (await going.NextAsync() is not null)
        {
        }

        (await staying.InvokeAsync<string>("Echo", "still here")).Should().Be("still here");
    }

    [Fact]
    public async Task A_client_that_closes_is_answered_and_the_hub_is_told()
    {
        using var client = await GreetedAsync();
        await client.InvokeAsync("UntilAborted");

        await client.CloseAsync();

        client.ClosedWith.Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task A_client_that_is_cut_off_ends_its_connection_and_the_call_that_runs_sees_it()
    {
        using var client = await GreetedAsync();

        client.Reset();

        (await _host.EndedAsync()).Should().Be("by itself");
    }

    [Fact]
    public async Task A_client_whose_network_resets_the_connection_has_gone()
    {
        using var client = await FramesAsync();

        client.Reset();

        await _host.EndedAsync();
    }

    [Fact]
    public async Task A_thousand_pings_of_the_WebSocket_in_one_go_are_answered_and_disturb_nothing()
    {
        using var client = await FramesAsync();

        await client.SendPingsAsync(1_000);
        await client.SendTextAsync(RawClient.Invocation("Echo", "\"after\""));

        (await client.NextAsync(opcode: 0xA)).Should().Be("ping");
        (await client.NextAsync()).Should().Contain("after");
    }

    [Fact]
    public async Task A_frame_that_says_it_is_a_terabyte_long_is_refused_by_what_comes_of_it()
    {
        using var client = await FramesAsync();

        await client.SendBeginningAsync(1L << 40, new byte[2 * ContractHost.LargestMessage]);

        (await client.NextAsync()).Should().StartWith("""{"type":7,"error":""");
        (await client.NextAsync()).Should().BeNull();
        client.ClosedWith.Should().Be((int)StatusOfTooLarge);
    }

    [Fact]
    public async Task A_client_that_sends_nothing_more_but_still_listens_has_gone()
    {
        using var client = await FramesAsync();

        client.EndSending();

        (await _host.EndedAsync()).Should().Be("by itself");
    }

    [Fact]
    public async Task The_subprotocol_is_the_one_that_the_host_chooses()
    {
        using var client = await RawAsync("chat", configure: options =>
        {
            options.AddSubProtocol("other");
            options.AddSubProtocol("chosen");
        });

        client.Subprotocol.Should().Be("chosen");
    }

    [Fact]
    public async Task Where_the_host_allows_no_WebSockets_there_are_none() =>
        await FluentActions.Awaiting(() => RawAsync("polled")).Should().ThrowAsync<WebSocketException>();

    [Fact]
    public async Task Open_connections_are_counted_as_SignalRs()
    {
        using var listener = _host.Listening(out var open);
        using var client = await GreetedAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(open() == 1));

        await client.CloseAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(open() == 0));
    }

    /// <summary>SignalR's transport says nothing more of it.</summary>
    private WebSocketCloseStatus StatusOfTooLarge => isOwn ? WebSocketCloseStatus.MessageTooBig : WebSocketCloseStatus.NormalClosure;

    private async Task IsTooLargeAsync(RawClient client)
    {
        (await client.NextAsync()).Should().StartWith("""{"type":7,"error":""");
        (await EndAsync(client)).Should().Be(StatusOfTooLarge);
        (await _host.EndedAsync()).Should().Be("InvalidDataException");
    }

    private async Task<RawFrames> FramesAsync()
    {
        var client = await RawFrames.ConnectAsync(_host.Hub("chat"), await _host.MintAsync());
        await client.SendTextAsync(RawClient.Hello);
        (await client.NextAsync()).Should().Be("{}\u001e");
        return client;
    }

    private async Task<HubConnection> StockClientAsync()
    {
        var client = Stock("chat", expires: null);
        await client.StartAsync();
        return client;
    }

    private HubConnection Stock(string path, TimeSpan? expires) => new HubConnectionBuilder().WithUrl(_host.Hub(path), options =>
    {
        options.Transports = HttpTransportType.WebSockets;
        options.SkipNegotiation = true;
        options.Headers["X-Of-The-Request"] = "seen";
        options.AccessTokenProvider = async () => await _host.MintAsync("alice", expires);
    }).Build();

    private protected Task StopAsync() => _host.StopAsync();

    private protected async Task<RawClient> GreetedAsync() => await (await RawAsync("chat")).GreetAsync();

    private async Task<RawClient> RawAsync(
        string path, string user = "alice", TimeSpan? expires = null, Action<ClientWebSocketOptions>? configure = null) =>
        await RawClient.ConnectAsync(_host.Hub(path), await _host.MintAsync(user, expires), configure);

    private protected static async Task<WebSocketCloseStatus?> EndAsync(RawClient client)
    {
        (await client.NextAsync()).Should().BeNull();
        return client.ClosedWith;
    }
}
