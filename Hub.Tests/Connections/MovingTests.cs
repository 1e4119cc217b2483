using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Connections;
using RealtimeHub.Control;
using RealtimeHub.Delivery;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tests.Routing;

namespace RealtimeHub.Tests.Connections;

/// <summary>A client opens another connection before it closes the one that it has.</summary>
public sealed class MovingTests
{
    private const string Asking = "?heads=true&connected=true";
    private const string Move = """{"type":1,"target":"Move","arguments":[]}""";

    [Fact]
    public async Task Who_can_come_back_without_a_token_is_told_to_move_and_closed_ten_seconds_later()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = new Node(("Drain:Time", "00:00:20")) { Time = time };
        using var ours = await RawSocket.OpenAsync(node, await node.MintAsync("alice"), Asking);
        await ours.ReadMessageAsync();
        using var stock = await RawSocket.OpenAsync(node, await node.MintAsync("bob"));
        await stock.ReadMessageAsync();
        var registry = node.Services.GetRequiredService<ConnectionRegistry>();
        await Eventually.HoldsAsync(() => Task.FromResult(registry.Count == 2));

        var draining = node.Services.GetRequiredService<ConnectionDrain>().DrainAsync();
        time.Advance(TimeSpan.FromSeconds(0.5));

        (await NextAsync(ours)).Should().Be(Move);
        (await NextAsync(stock)).Should().StartWith("""{"type":7,"error":"node_stopping: """);
        time.Advance(TimeSpan.FromSeconds(9.4));
        registry.Connections.Should().Contain(connection => connection.MayMove && connection.Reason == null);
        time.Advance(TimeSpan.FromSeconds(0.6));
        (await NextAsync(ours)).Should().StartWith("""{"type":7,"error":"node_stopping: """);
        time.Advance(TimeSpan.FromSeconds(3));
        await draining;
    }

    [Fact]
    public async Task When_all_have_moved_the_drain_is_over()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = new Node(("Drain:Time", "00:00:20")) { Time = time };
        var ours = await RawSocket.OpenAsync(node, await node.MintAsync("alice"), Asking);
        await ours.ReadMessageAsync();

        var draining = node.Services.GetRequiredService<ConnectionDrain>().DrainAsync();
        time.Advance(TimeSpan.FromSeconds(0.25));
        (await NextAsync(ours)).Should().Be(Move);
        ours.Dispose();

        await draining.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task The_connection_that_it_has_left_is_closed_five_seconds_after_the_other_is_open()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = Node.StandingStillOn(redis, ("Limits:ConnectionsPerUser", "1"));
        await using var other = Node.On(redis, ("Limits:ConnectionsPerUser", "1"));
        using var old = await RawSocket.OpenAsync(node, await node.MintAsync("alice"), Asking);
        var secret = SecretIn((await old.ReadMessageAsync())!);

        using var back = await RawSocket.OpenAsync(other, secret, Asking);
        SecretIn((await back.ReadMessageAsync())!).Should().NotBe(secret);

        var connections = (await node.Services.GetRequiredService<IConnectionDirectory>().ConnectionsOfAsync([Address.User("alice")])).Single();
        connections.Should().ContainSingle().Which.Node.Should().Be(other.Services.GetRequiredService<NodeId>());
        var registry = node.Services.GetRequiredService<ConnectionRegistry>();
        await Eventually.HoldsAsync(() => Task.FromResult(registry.Connections.All(connection => connection.IsReplaced)));
        node.Time!.Advance(ConnectionReplacer.Grace);

        (await NextAsync(old)).Should().StartWith("""{"type":7,"error":"replaced: """).And.NotContain("allowReconnect");
        await other.Publisher.PublishAsync(Address.User("alice"), "now", 1);
        (await NextAsync(back)).Should().Contain("\"Receive\"");
    }

    [Fact]
    public async Task A_node_is_told_of_all_that_have_left_it_for_another_at_once_by_one_command()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = Node.StandingStillOn(redis);
        await using var left = await RouterNode.OpenAsync(node.Time!, ("Redis:Connection", redis.Connection));
        var replacer = node.Services.GetRequiredService<ConnectionReplacer>();

        replacer.Tell(left.Id, "first");
        replacer.Tell(left.Id, "second");
        node.Time!.Advance(ConnectionReplacer.Gathering);
        await Eventually.HoldsAsync(() => Task.FromResult(left.Commands.Count == 1));
        replacer.Tell(left.Id, "third");
        node.Time!.Advance(ConnectionReplacer.Gathering);
        await Eventually.HoldsAsync(() => Task.FromResult(left.Commands.Count == 2));

        left.Commands.Select(NamedIn).Should().Equal("first, second", "third");
    }

    [Fact]
    public async Task Who_closes_it_in_time_is_told_nothing_and_takes_nothing_of_the_other_with_it()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = Node.On(redis);
        using var old = await RawSocket.OpenAsync(node, await node.MintAsync("alice"), Asking);
        using var back = await RawSocket.OpenAsync(node, SecretIn((await old.ReadMessageAsync())!), Asking);
        var next = SecretIn((await back.ReadMessageAsync())!);
        var registry = node.Services.GetRequiredService<ConnectionRegistry>();

        old.Dispose();

        await Eventually.HoldsAsync(() => Task.FromResult(registry.Count == 1));
        await node.Publisher.PublishAsync(Address.User("alice"), "now", 1);
        (await NextAsync(back)).Should().Contain("\"Receive\"");
        using var again = await RawSocket.OpenAsync(node, next, Asking);
        SecretIn((await again.ReadMessageAsync())!).Should().NotBe(next);
    }

    /// <summary>What is said next that is no ping.</summary>
    private static async Task<string> NextAsync(RawSocket socket)
    {
        while (true)
        {
            var said = (await socket.ReadMessageAsync())!.Split('\u001e', StringSplitOptions.RemoveEmptyEntries);
            if (said.FirstOrDefault(message => message != """{"type":6}""") is { } next)
            {
                return next;
            }
        }
    }

    private static string NamedIn(string command) =>
        string.Join(", ", JsonDocument.Parse(command).RootElement.GetProperty("connections").EnumerateArray().Select(id => id.GetString()));

    private static string SecretIn(string told) => JsonDocument.Parse(
        told.Split('\u001e').Single(message => message.Contains("\"target\":\"Connected\"", StringComparison.Ordinal)))
        .RootElement.GetProperty("arguments")[0].GetProperty("reconnectSecret").GetString()!;
}
