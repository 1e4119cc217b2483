using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RealtimeHub.Connections;
using RealtimeHub.Delivery;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Authentication;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Connections;

/// <summary>A connection that ends on our side ends with a reason: the client is told, a line is logged, and it is counted.</summary>
public sealed class CloseReasonTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _counted = new();
    private readonly MeterListener _listener = new();
    private readonly RedisServer _redis = new();
    private Node _node = new();

    private ConnectionRegistry Registry => _node.Services.GetRequiredService<ConnectionRegistry>();

    public Task InitializeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_token_that_expires_says_so()
    {
        Count();
        using var socket = await RawSocket.OpenAsync(_node, await MintExpiringAsync());

        await IsToldAsync(socket, "token_expired", "The time that the token allows for the connection is over. Connect again with a new token.", mayComeBack: true);
    }

    [Fact]
    public async Task A_token_that_expires_says_so_to_a_client_that_polls()
    {
        Count();
        var hub = new RawHub(_node);
        var (connection, grant) = await hub.NegotiatedAsync(await MintExpiringAsync());
        await hub.OpenAsync(connection, grant);

        var told = await (await hub.PollAsync(connection, grant)).Content.ReadAsStringAsync();
        told.Should().Contain("\"error\":\"token_expired: ").And.Contain("\"allowReconnect\":true");
        _counted.Should().Equal("token_expired");
    }

    [Fact]
    public async Task A_client_that_says_nothing_is_told_why_it_is_ended()
    {
        _node.Services.GetRequiredService<IOptions<HubOptions<PushHub>>>().Value.ClientTimeoutInterval = TimeSpan.FromSeconds(2);
        Count();
        using var socket = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"));

        await IsToldAsync(socket, "client_silent", "Nothing came from the client for too long.", mayComeBack: true);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("""{"type":1,"invocationId":1}""")]
    [InlineData("too large")]
    public async Task A_client_that_does_not_speak_the_hub_protocol_is_told_and_is_not_to_come_back(string said)
    {
        Count();
        using var socket = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"));

        await socket.SayAsync(said == "too large" ? new string(' ', 512 * 1024) + "{}" : said);

        await IsToldAsync(
            socket, "message_invalid", "The client sent what is no message of the hub protocol, or too large a one.", mayComeBack: false);
    }

    [Theory]
    [InlineData("""{"type":6}""")]
    [InlineData("""{"type":1,"target":"Unknown","arguments":[]}""")]
    public async Task A_client_that_sends_too_much_in_a_second_is_told_and_is_not_to_come_back(string message)
    {
        await _node.DisposeAsync();
        _node = new Node(("Limits:CallsPerSecond", "20"));
        Count();
        using var socket = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"));

        await socket.SayAsync(string.Join('\u001e', Enumerable.Repeat(message, 100)));

        await IsToldAsync(socket, "too_many_calls", "The client sent more messages in a second than it may.", mayComeBack: false);
    }

    [Fact]
    public async Task A_client_that_resumes_as_fast_as_it_can_waits_and_is_not_ended()
    {
        await _node.DisposeAsync();
        _node = new Node(("Limits:CallsPerSecond", "20"));
        Count();
        await using var client = _node.ClientFor("alice");
        await client.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.InvokeAsync("Resume", new { })));

        _counted.Should().BeEmpty();
    }

    [Fact]
    public async Task A_connection_in_whose_place_its_client_has_negotiated_another_is_told()
    {
        Count();
        var hub = new RawHub(_node);
        var (first, grant) = await hub.NegotiatedAsync(await _node.MintAsync("alice"));
        using var socket = await RawSocket.ConnectedAsync(_node, grant, $"?id={first}");
        var (second, _) = await hub.NegotiatedAsync(grant);

        await socket.ShakeHandsAsync();

        await IsToldAsync(socket, "connection_superseded", "The client has negotiated another connection in the place of this one.", mayComeBack: false);
        await hub.OpenAsync(second, grant);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_attached_because_Redis_is_away_is_told()
    {
        await _redis.InitializeAsync();
        await _node.DisposeAsync();
        _node = Node.On(_redis);
        Count();
        using var socket = await RawSocket.ConnectedAsync(_node, await _node.MintAsync("alice"));
        _redis.Kill();

        await socket.ShakeHandsAsync();

        await IsToldAsync(socket, "store_unavailable", "The store is away, so the connection could not be attached. Connect again with a new token.", mayComeBack: true);
    }

    [Fact]
    public async Task A_connection_for_whose_user_Redis_holds_something_else_is_told_and_the_log_has_the_cause()
    {
        await _redis.InitializeAsync();
        await _node.DisposeAsync();
        _node = Node.On(_redis);
        Count();
        await _redis.Database.StringSetAsync("hub:{user%3Aalice}:head", "no hash");

        using var socket = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"));

        await IsToldAsync(socket, "attach_failed", "The connection could not be attached. The hub's log says why.", mayComeBack: false);
        _node.Log.Lines.Should().ContainSingle(line => line.Contains("AttachFailed: ", StringComparison.Ordinal))
            .Which.Should().Contain("user:alice");
    }

    [Theory]
    [InlineData("websocket")]
    [InlineData("long polling")]
    public async Task A_connection_that_the_host_aborts_is_told(string transport)
    {
        var host = new HostFilter();
        await HostAsync(host);
        Count();
        if (transport == "websocket")
        {
            using var socket = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"));
            (await host.Opened.Task.WaitAsync(TimeSpan.FromSeconds(30))).Abort();
            await IsToldAsync(socket, "host_aborted", "The host of the hub has ended the connection.", mayComeBack: false);
            return;
        }

        var hub = new RawHub(_node);
        var (connection, grant) = await hub.NegotiatedAsync(await _node.MintAsync("alice"));
        await hub.OpenAsync(connection, grant);
        (await host.Opened.Task.WaitAsync(TimeSpan.FromSeconds(30))).Abort();
        var told = await (await hub.PollAsync(connection, grant)).Content.ReadAsStringAsync();
        told.Should().Contain("\"error\":\"host_aborted: ").And.NotContain("allowReconnect");
        _counted.Should().Equal("host_aborted");
    }

    [Fact]
    public async Task A_connection_with_stateful_reconnect_that_the_host_aborts_is_counted()
    {
        var host = new HostFilter();
        await HostAsync(host);
        Count();
        await using var client = new HubConnectionBuilder().WithUrl(new Uri(_node.Address, "hub"), HttpTransportType.WebSockets, options =>
            options.AccessTokenProvider = async () => await _node.MintAsync("alice")).WithStatefulReconnect().Build();
        await client.StartAsync();

        (await host.Opened.Task.WaitAsync(TimeSpan.FromSeconds(30))).Abort();

        await Eventually.HoldsAsync(() => Task.FromResult(!_counted.IsEmpty));
        _counted.Should().Equal("host_aborted");
    }

    [Fact]
    public async Task A_stock_client_that_reconnects_by_itself_stays_away_after_too_large_a_message_and_has_spent_one_token()
    {
        var minted = 0;
        var closed = new TaskCompletionSource<Exception?>();
        await using var client = new HubConnectionBuilder()
            .WithUrl(new Uri(_node.Address, "hub"), options => options.AccessTokenProvider = MintAsync).WithAutomaticReconnect().Build();
        client.Closed += cause =>
        {
            closed.SetResult(cause);
            return Task.CompletedTask;
        };
        await client.StartAsync();

        await client.SendAsync("Resume", new string('x', 600 * 1024));

        (await closed.Task.WaitAsync(TimeSpan.FromSeconds(30)))!.Message.Should().Contain("message_invalid: ");
        client.State.Should().Be(HubConnectionState.Disconnected);
        minted.Should().Be(1);

        async Task<string?> MintAsync()
        {
            minted++;
            return await _node.MintAsync("alice");
        }
    }

    [Fact]
    public async Task A_connection_in_whose_opening_the_host_throws_is_told_without_what_was_thrown()
    {
        await HostAsync(new HostFilter { Failure = new InvalidOperationException("what only the host knows") });
        Count();
        using var socket = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"));

        await IsToldAsync(socket, "host_failed", "The host of the hub has failed while the connection was opened.", mayComeBack: false);
    }

    [Fact]
    public async Task A_client_that_takes_nothing_for_ten_seconds_is_cut_and_counted_also_when_little_waits_for_it()
    {
        await _node.DisposeAsync();
        _node = new Node { Additions = host => host.Configure<SocketTransportOptions>(SmallBuffers.Listen) };
        Count();
        using var stalled = await SmallBuffers.OpenAsync(_node, await _node.MintAsync("alice"));
        await Eventually.HoldsAsync(() => Task.FromResult(Registry.Connections.Any()));

        for (var number = 0; number < 10; number++)
        {
            await _node.Publisher.PublishAsync(Address.User("alice"), "large", new string('x', 60_000));
        }

        await Eventually.HoldsAsync(() => Task.FromResult(!_counted.IsEmpty));
        _counted.Should().Equal("send_timeout");
        await Eventually.HoldsAsync(() => Task.FromResult(_node.Log.Lines.Any(
            line => line.Contains("Connections were ended (1): send_timeout, of user:alice.", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Who_says_that_it_closes_or_goes_without_a_word_is_not_counted()
    {
        Count();
        using var polite = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"));
        var rude = await RawSocket.OpenAsync(_node, await _node.MintAsync("bob"));
        await Eventually.HoldsAsync(() => Task.FromResult(Registry.Connections.Count() == 2));

        await polite.SayAsync("""{"type":7}""");
        rude.Dispose();

        await Eventually.HoldsAsync(() => Task.FromResult(!Registry.Connections.Any()));
        _counted.Should().BeEmpty();
    }

    [Fact]
    public async Task Who_goes_by_itself_is_not_counted()
    {
        Count();
        var client = _node.ClientFor("alice");
        await client.StartAsync();

        await client.DisposeAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(!Registry.Connections.Any()));
        _counted.Should().BeEmpty();
    }

    public async Task DisposeAsync()
    {
        _listener.Dispose();
        await _node.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private async Task HostAsync(IHubFilter filter)
    {
        await _node.DisposeAsync();
        _node = new Node { Additions = host => host.Configure<HubOptions<PushHub>>(options => options.AddFilter(filter)) };
    }

    private async Task IsToldAsync(RawSocket socket, string code, string sentence, bool mayComeBack)
    {
        var close = (await socket.ReadToEndAsync()).First(message => message.StartsWith("""{"type":7""", StringComparison.Ordinal));

        close.Should().Be($$"""{"type":7,"error":"{{code}}: {{sentence}}"{{(mayComeBack ? ",\"allowReconnect\":true" : "")}}}""");
        _counted.Should().Equal(code);
        _node.Log.Lines.Should().ContainSingle(line => line.Contains("ConnectionEnded: ", StringComparison.Ordinal))
            .Which.Should().Contain($"Connections were ended (1): {code}, of user:alice. {sentence}");
    }

    private void Count()
    {
        var meters = _node.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "realtimehub.connections.ended" && instrument.Meter.Scope == meters)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _counted.Enqueue((string)tags[0].Value!));
        _listener.Start();
    }

    private async Task<string> MintExpiringAsync() =>
        (await _node.Tokens.MintAsync(new TokenRecord { Subject = "alice", ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(3) }))
            .Reveal();

    /// <summary>A host's own filter: it keeps what has opened, or throws.</summary>
    private sealed class HostFilter : IHubFilter
    {
        public Exception? Failure { get; init; }

        public TaskCompletionSource<HubCallerContext> Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
        {
            await next(context);
            if (Failure is not null)
            {
                throw Failure;
            }

            Opened.SetResult(context.Context);
        }
    }
}
