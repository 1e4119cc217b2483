using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Connections;

/// <summary>
/// What things cost Redis, by its own count. Commands that a script calls are counted with those that come over the wire.
/// </summary>
public sealed class CostTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();
    private Node _node = null!;
    private HubConnection _before = null!;

    public static TheoryData<HttpTransportType, bool> Transports => DeliveryTests.Transports;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _node = Node.StandingStillOn(_redis);

        // Redis learns the scripts.
        _before = _node.ClientFor("somebody before");
        await Received.ByAsync(_before);
        await _node.Publisher.PublishAsync(Address.User("somebody before"), "t", 1);
    }

    public async Task DisposeAsync()
    {
        await _before.DisposeAsync();
        await _node.DisposeAsync();
        _redis.Dispose();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_connect_is_one_spend_and_one_attach_and_to_resume_adds_nothing(HttpTransportType transport, bool skipNegotiation)
    {
        await _redis.ResetCommandCallsAsync();
        await using var client = _node.ClientFor("alice", transport, skipNegotiation);

        await Received.ByAsync(client);

        var calls = await _redis.CommandCallsAsync();
        calls["set"].Should().Be(2, "one mints, one spends");
        calls["evalsha"].Should().Be(1, "the attach answers with the head");
        calls["hset"].Should().Be(3, "the script enters the connection and gives the log its head, and on the same way before it the node notes the first");
        calls.Keys.Should().BeEquivalentTo(
            "set", "evalsha", "hset", "hget", "hmget", "hgetall", "pttl", "pexpire", "time", "del");
    }

    [Fact]
    public async Task To_come_back_by_a_secret_costs_one_script_and_no_spend()
    {
        const string Asking = "?heads=true&connected=true";
        var secret = await SecretOfOneThatHasGoneAsync(await _node.MintAsync("before"));
        using (var taught = await RawSocket.OpenAsync(_node, secret, Asking))
        {
            await taught.ReadMessageAsync();
        }

        var mine = await SecretOfOneThatHasGoneAsync(await _node.MintAsync("alice"));
        await _redis.ResetCommandCallsAsync();
        using var back = await RawSocket.OpenAsync(_node, mine, Asking);
        await back.ReadMessageAsync();
        var bySecret = await _redis.CommandCallsAsync();
        var token = await _node.MintAsync("carol");
        await _redis.ResetCommandCallsAsync();
        using var fresh = await RawSocket.OpenAsync(_node, token, Asking);
        await fresh.ReadMessageAsync();
        var byToken = await _redis.CommandCallsAsync();

        bySecret["evalsha"].Should().Be(1);
        bySecret.Should().NotContainKey("set");
        (byToken["evalsha"], byToken["set"]).Should().Be((1, 1));

        async Task<string> SecretOfOneThatHasGoneAsync(string token)
        {
            using var socket = await RawSocket.OpenAsync(_node, token, Asking);
            var told = (await socket.ReadMessageAsync())!;
            socket.Dispose();
            await Eventually.HoldsAsync(() => Task.FromResult(
                !_node.Services.GetRequiredService<RealtimeHub.Delivery.ConnectionRegistry>().Connections.Any(one => one.MayMove)));
            return told[told.IndexOf("wsreconnect", StringComparison.Ordinal)..].Split('"')[0];
        }
    }

    [Fact]
    public async Task A_durable_publish_is_one_script()
    {
        await _redis.ResetCommandCallsAsync();

        await _node.Publisher.PublishAsync(Address.User("alice"), "t", 1);

        var calls = await _redis.CommandCallsAsync();
        calls["evalsha"].Should().Be(1);
        calls.Keys.Should().Contain("xadd").And.NotContain(["eval", "multi", "script|load"]);
    }

    [Fact]
    public async Task A_second_member_of_a_group_costs_nothing_for_it()
    {
        await using var first = _node.ClientFor(async () => await _node.MintAsync("first", "room"));
        await Received.ByAsync(first);
        await _redis.ResetCommandCallsAsync();
        await using var second = _node.ClientFor(async () => await _node.MintAsync("second", "room"));

        await Received.ByAsync(second);

        (await _redis.CommandCallsAsync())["evalsha"].Should().Be(1, "the user is attached, the group is already");
    }
}
