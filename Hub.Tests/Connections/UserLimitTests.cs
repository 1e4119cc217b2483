using Microsoft.Extensions.DependencyInjection;
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
