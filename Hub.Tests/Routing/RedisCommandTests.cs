using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>Which nodes get a command.</summary>
public sealed class RedisCommandTests(RedisRouting redis) : ThreeNodeTests(redis), IClassFixture<RedisRouting>
{
    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task A_command_to_an_address_reaches_once_each_node_on_which_it_has_connections_and_no_other(string text)
    {
        await AttachAsync(AddressOf(text), (Node, "1"), (Node, "2"), (Second, "3"));

        await Third.Router.SendCommandAsync(AddressOf(text), "hello"u8.ToArray());

        (await CommandsAsync()).Should().Equal("hello", "hello", "");
    }

    [Fact]
    public async Task A_command_to_everyone_reaches_every_node()
    {
        await Second.Router.SendCommandAsync(Address.Everyone, "hello"u8.ToArray());

        (await CommandsAsync()).Should().Equal("hello", "hello", "hello");
    }

    [Fact]
    public async Task A_command_to_a_node_reaches_that_one_only()
    {
        await Router.SendCommandAsync(Second.Id, "hello"u8.ToArray());

        (await CommandsAsync()).Should().Equal("", "hello", "");
    }

    /// <summary>What each node has been asked.</summary>
    private async Task<string[]> CommandsAsync() =>
        [.. (await Task.WhenAll(All.Select(node => node.CommandsAsync()))).Select(commands => string.Join(' ', commands))];
}
