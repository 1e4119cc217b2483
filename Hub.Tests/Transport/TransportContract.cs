using System.Diagnostics.Metrics;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Transport;

/// <summary>
/// What a hub and its clients may rely on over a WebSocket that nobody has negotiated, whichever transport carries it. The hub is a host's
/// own, with nothing of ours but the token.
/// </summary>
public abstract class TransportContract(bool isOwn) : IAsyncLifetime
{
    private const int MaxMessage = 4_096;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Log _log = new();
    private readonly ContractHub.Ends _ends = new();
    private WebApplication _host = null!;
    private Uri _address = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(
            ["--urls", "http://127.0.0.1:0", "--Transport:Enabled", $"{isOwn}", "--Logging:LogLevel:Default", "Trace"]);
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.Services.AddSingleton(_ends);
        builder.Services.AddAuthentication().AddSingleUseToken();
        builder.Services.AddSignalR(options =>
        {
            options.KeepAliveInterval = TimeSpan.FromSeconds(1);
            options.ClientTimeoutInterval = TimeSpan.FromSeconds(3);
            options.HandshakeTimeout = TimeSpan.FromSeconds(1);
            options.MaximumReceiveMessageSize = MaxMessage;
        });
        _host = builder.Build();
        _host.MapHub<ContractHub>("/chat", options =>
        {
            options.CloseOnAuthenticationExpiration = true;
            options.WebSockets.SubProtocolSelector = offered => offered.Contains("chosen") ? "chosen" : null!;
        }).RequireSingleUseToken();
        _host.MapHub<ContractHub>("/lasting").RequireSingleUseToken();
        _host.MapHub<ContractHub>("/polled", options => options.Transports = HttpTransportType.LongPolling).RequireSingleUseToken();
        await _host.StartAsync();
        _address = new Uri(
            _host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _log.Leaks.Should().BeEmpty();
    }

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
        using var client = await RawAsync("chat");
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
    public async Task Too_large_a_message_in_one_frame_or_in_fragments_without_end_closes_the_connection(bool isOneFrame)
    {
        using var client = await GreetedAsync();
        var text = new string('x', MaxMessage);

        await client.SendAsync(RawClient.Invocation("Echo", $"\"{text}")[..^1], isEnd: isOneFrame);

        (await client.NextAsync()).Should().StartWith("""{"type":7,"error":""");
        (await EndAsync(client)).Should().Be(WebSocketCloseStatus.NormalClosure);
        (await _ends.Ended.Reader.ReadAsync().AsTask().WaitAsync(Deadline)).Should().Be("InvalidDataException");
    }

    [Fact]
    public async Task What_is_no_message_closes_the_connection()
    {
        using var client = await GreetedAsync();

        await client.SendAsync("no json\u001e");

        (await client.NextAsync()).Should().StartWith("""{"type":7,"error":""");
        (await EndAsync(client)).Should().Be(WebSocketCloseStatus.NormalClosure);
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
        (await _ends.Ended.Reader.ReadAsync().AsTask().WaitAsync(Deadline)).Should().Be("by itself");
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

        (await _ends.Ended.Reader.ReadAsync().AsTask().WaitAsync(Deadline)).Should().Be("by itself");
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

        await client.SendBeginningAsync(1L << 40, new byte[2 * MaxMessage]);

        (await client.NextAsync()).Should().StartWith("""{"type":7,"error":""");
        (await client.NextAsync()).Should().BeNull();
    }

    [Fact]
    public async Task A_client_that_sends_nothing_more_but_still_listens_has_gone()
    {
        using var client = await FramesAsync();

        client.EndSending();

        (await _ends.Ended.Reader.ReadAsync().AsTask().WaitAsync(Deadline)).Should().Be("by itself");
    }

    [Fact]
    public async Task Many_who_open_a_WebSocket_and_say_nothing_are_sent_away_and_nobody_is_left()
    {
        using var listener = Listening(out var open);
        var clients = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => RawAsync("chat")));

        await Task.WhenAll(clients.Select(async client =>
        {
            (await client.NextAsync()).Should().Be("""{"error":"Handshake was canceled."}""");
            (await EndAsync(client)).Should().Be(WebSocketCloseStatus.NormalClosure);
            await client.CloseAsync();
            client.Dispose();
        }));

        await Eventually.HoldsAsync(() => Task.FromResult(open() == 0));
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
        using var listener = Listening(out var open);
        using var client = await GreetedAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(open() == 1));

        await client.CloseAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(open() == 0));
    }

    private MeterListener Listening(out Func<long> open)
    {
        long count = 0;
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "signalr.server.active_connections"
                    && instrument.Meter.Scope == _host.Services.GetRequiredService<IMeterFactory>())
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tags.ToArray().Any(tag => tag is { Key: "signalr.transport", Value: "web_sockets" }))
            {
                Interlocked.Add(ref count, value);
            }
        });
        listener.Start();
        open = () => Interlocked.Read(ref count);
        return listener;
    }

    private async Task<RawFrames> FramesAsync()
    {
        var client = await RawFrames.ConnectAsync(new Uri(_address, "chat"), await MintAsync("alice", expires: null));
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

    private HubConnection Stock(string path, TimeSpan? expires) => new HubConnectionBuilder().WithUrl(new Uri(_address, path), options =>
    {
        options.Transports = HttpTransportType.WebSockets;
        options.SkipNegotiation = true;
        options.Headers["X-Of-The-Request"] = "seen";
        options.AccessTokenProvider = async () => await MintAsync("alice", expires);
    }).Build();

    private protected Task StopAsync() => _host.StopAsync().WaitAsync(Deadline);

    private protected async Task<RawClient> GreetedAsync() => await (await RawAsync("chat")).GreetAsync();

    private async Task<RawClient> RawAsync(
        string path, string user = "alice", TimeSpan? expires = null, Action<ClientWebSocketOptions>? configure = null) =>
        await RawClient.ConnectAsync(new Uri(_address, path), await MintAsync(user, expires), configure);

    private protected static async Task<WebSocketCloseStatus?> EndAsync(RawClient client)
    {
        (await client.NextAsync()).Should().BeNull();
        return client.ClosedWith;
    }

    private async Task<string> MintAsync(string user, TimeSpan? expires)
    {
        var tokens = _host.Services.GetRequiredService<ISpendingTokenStore>();
        var record = new TokenRecord { Subject = user, ExpiresAt = TimeProvider.System.GetUtcNow() + expires };
        return (await tokens.MintAsync(record)).Reveal();
    }
}
