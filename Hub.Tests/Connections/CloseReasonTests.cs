using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RealtimeHub.Connections;
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
    public async Task Who_goes_by_itself_is_not_counted()
    {
        Count();
        var client = _node.ClientFor("alice");
        await client.StartAsync();

        await client.DisposeAsync();

        var registry = _node.Services.GetRequiredService<RealtimeHub.Delivery.ConnectionRegistry>();
        await Eventually.HoldsAsync(() => Task.FromResult(!registry.Connections.Any()));
        _counted.Should().BeEmpty();
    }

    public async Task DisposeAsync()
    {
        _listener.Dispose();
        await _node.DisposeAsync();
        await _redis.DisposeAsync();
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
}
