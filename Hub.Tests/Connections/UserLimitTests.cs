using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Delivery;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Connections;

/// <summary>How many connections a user may have on all nodes together.</summary>
public sealed class UserLimitTests : IAsyncLifetime
{
    private const int Limit = 3;

    private const string Refused = """{"type":7,"error":"user_full: The user has as many connections as one may have """;

    private static readonly Address Alice = Address.User("alice");

    private readonly RedisServer _redis = new();
    private Node[] _nodes = [];

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _nodes = [Node.On(_redis, ("Limits:ConnectionsPerUser", $"{Limit}")), Node.On(_redis, ("Limits:ConnectionsPerUser", $"{Limit}"))];
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        await _redis.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("?heads=true")]
    public async Task Of_two_hundred_that_connect_at_once_on_two_nodes_three_stay_and_the_others_are_told_why(string query)
    {
        var sockets = await Task.WhenAll(Enumerable.Range(0, 200).Select(turn => OpenAsync(_nodes[turn % 2], query)));

        var told = await Task.WhenAll(sockets.Select(FirstCallAsync));

        var refused = told.Where(call => call.StartsWith(Refused, StringComparison.Ordinal)).ToList();
        refused.Should().HaveCount(200 - Limit).And.NotContain(call => call.Contains("allowReconnect", StringComparison.Ordinal));
        (await ConnectionsAsync()).Should().HaveCount(Limit);
        Array.ForEach(sockets, socket => socket.Dispose());
    }

    [Fact]
    public async Task When_one_ends_the_next_comes_in_on_whichever_node()
    {
        var first = await OpenAsync(_nodes[0]);
        using var second = await OpenAsync(_nodes[1]);
        using var third = await OpenAsync(_nodes[1]);
        await Eventually.HoldsAsync(async () => (await ConnectionsAsync()).Count == Limit);
        using (var refused = await OpenAsync(_nodes[1]))
        {
            (await FirstCallAsync(refused)).Should().Contain("user_full");
        }

        first.Dispose();
        await Eventually.HoldsAsync(async () => (await ConnectionsAsync()).Count == Limit - 1);

        using var last = await OpenAsync(_nodes[1]);
        await Eventually.HoldsAsync(async () => (await ConnectionsAsync()).Count == Limit);
    }

    [Fact]
    public async Task The_oldest_makes_room_on_whichever_node_where_the_settings_say_so()
    {
        await using var first = EndingOldest();
        await using var second = EndingOldest();
        using var oldest = await OpenAsync(first);
        (await FirstCallAsync(oldest)).Should().Contain("\"type\":3");
        using var older = await OpenAsync(second);
        using var old = await OpenAsync(first);
        await Eventually.HoldsAsync(async () => (await ConnectionsAsync()).Count == Limit);

        using var newest = await OpenAsync(second);

        (await oldest.ReadToEndAsync()).Should().Contain(call => call.StartsWith(Refused, StringComparison.Ordinal))
            .And.NotContain(call => call.Contains("allowReconnect", StringComparison.Ordinal));
        (await FirstCallAsync(newest)).Should().Contain("\"type\":3");
        (await ConnectionsAsync()).Should().HaveCount(Limit);
    }

    [Fact]
    public async Task However_many_come_at_once_as_many_stay_as_may()
    {
        await using var first = EndingOldest();
        await using var second = EndingOldest();

        var sockets = await Task.WhenAll(Enumerable.Range(0, 60).Select(turn => OpenAsync(turn % 2 == 0 ? first : second)));

        await Eventually.HoldsAsync(async () => (await ConnectionsAsync()).Count == Limit && OpenAt(first) + OpenAt(second) == Limit);
        Array.ForEach(sockets, socket => socket.Dispose());
    }

    private static int OpenAt(Node node) => node.Services.GetRequiredService<ConnectionRegistry>().Count;

    private Node EndingOldest() => Node.On(_redis, ("Limits:ConnectionsPerUser", $"{Limit}"), ("Limits:WhenUserFull", "EndOldest"));

    private static async Task<RawSocket> OpenAsync(Node node, string query = "") =>
        await RawSocket.OpenAsync(node, await node.MintAsync("alice"), query);

    /// <summary>What the hub says after its answer to the handshake: why it ends the connection, or that it is open.</summary>
    private static async Task<string> FirstCallAsync(RawSocket socket)
    {
        await socket.SayAsync("""{"type":1,"invocationId":"1","target":"Resume","arguments":[{"from":"head"}]}""");
        while (true)
        {
            var calls = (await socket.ReadMessageAsync() ?? throw new IOException("It was closed without a word.")).Split('\u001e', StringSplitOptions.RemoveEmptyEntries);
            if (calls.FirstOrDefault(call => call != "{}") is { } first)
            {
                return first;
            }
        }
    }

    private async Task<IReadOnlyList<AttachedConnection>> ConnectionsAsync() =>
        (await _nodes[0].Services.GetRequiredService<IConnectionDirectory>().ConnectionsOfAsync([Alice])).Single();
}
