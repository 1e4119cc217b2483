using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Authentication;
using RealtimeHub.Control;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Authentication;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Connections;

/// <summary>What a client is told that asks for what it comes back with.</summary>
public sealed class ConnectedTests : IAsyncLifetime
{
    private const string Asking = "?connected=true";
    private const string Key = "hub:{user%3Aalice}:reconnects";

    private readonly RedisServer _redis = new();
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _node = Node.On(_redis);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _redis.Dispose();
    }

    [Fact]
    public async Task It_comes_in_one_message_with_the_answer_to_the_handshake_and_the_heads()
    {
        using var socket = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"), "?heads=true&connected=true");

        var calls = (await socket.ReadMessageAsync())!.Split('\u001e');

        calls.Should().HaveCount(4);
        calls[0].Should().Be("{}");
        calls[1].Should().StartWith("""{"type":1,"target":"Heads",""");
        SecretIn(calls[2]).User.Should().Be("alice");
        calls[2].Should().NotContain("tokenLifetimeSeconds");
        calls[3].Should().BeEmpty();
    }

    [Fact]
    public async Task Without_heads_it_comes_as_soon_as_the_connection_is_attached_and_ahead_of_all_else()
    {
        using var socket = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"), Asking);

        (await socket.ReadMessageAsync()).Should().Be("{}\u001e");
        var secret = SecretIn((await socket.ReadMessageAsync())!);

        var kept = (await _redis.Database.HashGetAllAsync(Key)).Should().ContainSingle().Subject;
        kept.Name.ToString().Should().Be(secret.Hash, "the secret itself lies nowhere");
        kept.Value.ToString().Should().NotContain(secret.Reveal()).And.Contain("\"sub\":\"alice\"");
    }

    [Fact]
    public async Task It_tells_for_how_long_the_token_lets_it_stay()
    {
        var record = new TokenRecord { Subject = "alice", ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1) };
        using var socket = await RawSocket.OpenAsync(_node, (await _node.Tokens.MintAsync(record)).Reveal(), Asking);
        await socket.ReadMessageAsync();

        ArgumentIn((await socket.ReadMessageAsync())!).GetProperty("tokenLifetimeSeconds").GetInt64().Should().BeInRange(3_500, 3_600);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?connected=1")]
    [InlineData("?connected=true&connected=true")]
    public async Task Who_does_not_ask_is_told_nothing(string query)
    {
        using var socket = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"), query);
        await socket.ReadMessageAsync();

        await IsAttachedAsync();
        await _node.Publisher.PublishAsync(Address.User("alice"), "now", 1);

        (await socket.ReadMessageAsync()).Should().Contain("\"Receive\"");
        (await _redis.Database.KeyExistsAsync(Key)).Should().BeFalse();
    }

    [Fact]
    public async Task Who_has_negotiated_asks_in_the_request_that_negotiates()
    {
        var hub = new RawHub(_node);
        var (connection, grant) = await hub.NegotiatedAsync(await _node.MintAsync("alice"), "&connected=true");
        (await hub.PollAsync(connection, grant)).EnsureSuccessStatusCode();
        (await hub.PostAsync(connection, grant, "{\"protocol\":\"json\",\"version\":1}\u001e")).EnsureSuccessStatusCode();

        var told = "";
        while (!told.Contains("Connected", StringComparison.Ordinal))
        {
            told += await (await hub.PollAsync(connection, grant)).EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        }

        told.Should().StartWith("{}\u001e");
        SecretIn(told[3..]).User.Should().Be("alice");
    }

    [Fact]
    public async Task SignalRs_own_transport_tells_it_as_well()
    {
        await using var stock = Node.On(_redis, ("Transport:Enabled", "false"));
        using var socket = await RawSocket.OpenAsync(stock, await stock.MintAsync("alice"), Asking);

        (await socket.ReadMessageAsync()).Should().Be("{}\u001e");
        SecretIn((await socket.ReadMessageAsync())!).User.Should().Be("alice");
    }

    [Fact]
    public async Task Without_Redis_it_is_told_as_well()
    {
        await using var node = new Node();
        using var socket = await RawSocket.OpenAsync(node, await node.MintAsync("alice"), Asking);
        await socket.ReadMessageAsync();

        SecretIn((await socket.ReadMessageAsync())!).User.Should().Be("alice");
    }

    [Fact]
    public async Task Who_goes_by_himself_leaves_a_tombstone_and_who_is_ended_leaves_none()
    {
        using var ended = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"), "?heads=true&connected=true");
        await ended.ReadMessageAsync();
        using (var gone = await RawSocket.OpenAsync(_node, await _node.MintAsync("bob"), "?heads=true&connected=true"))
        {
            await gone.ReadMessageAsync();
        }

        await _node.Services.GetRequiredService<IConnectionControl>().EndConnectionAsync("alice", await IdAsync());

        await Eventually.HoldsAsync(async () => !await _redis.Database.KeyExistsAsync(Key));
        await Eventually.HoldsAsync(async () => (await _redis.Database.HashValuesAsync("hub:{user%3Abob}:reconnects")) is [var kept]
            && $"{kept}".Contains("\nuntil ", StringComparison.Ordinal));
    }

    private static ReconnectSecret SecretIn(string call)
    {
        ReconnectSecret.TryParse(ArgumentIn(call).GetProperty("reconnectSecret").GetString(), out var secret).Should().BeTrue();
        return secret;
    }

    private static JsonElement ArgumentIn(string call)
    {
        var invocation = JsonDocument.Parse(call.TrimEnd('\u001e')).RootElement;
        invocation.GetProperty("target").GetString().Should().Be("Connected");
        return invocation.GetProperty("arguments").EnumerateArray().Should().ContainSingle().Subject;
    }

    private Task IsAttachedAsync() => Eventually.HoldsAsync(async () => await ConnectionsAsync() is [_]);

    private async Task<string> IdAsync() => (await ConnectionsAsync()).Should().ContainSingle().Subject.Id;

    private async Task<IReadOnlyList<AttachedConnection>> ConnectionsAsync() =>
        (await _node.Services.GetRequiredService<IConnectionDirectory>().ConnectionsOfAsync([Address.User("alice")])).Single();
}
