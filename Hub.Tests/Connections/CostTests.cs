using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
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
        calls.Keys.Except(["config|resetstat", "info"]).Should().BeEquivalentTo(
            "set", "evalsha", "hset", "hget", "hmget", "hgetall", "pttl", "pexpire", "time", "del");
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
