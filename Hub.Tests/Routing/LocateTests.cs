using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>Where a connection is. Here there is one node.</summary>
public abstract class LocateTests(RoutingMode mode) : RouterTests(mode)
{
    [Fact]
    public async Task A_connection_is_where_its_user_was_attached_and_one_that_is_nowhere_is_left_out()
    {
        await Router.AttachAsync(Alice, "a");
        await Router.AttachAsync(Bob, "b");

        (await LocatedAsync("a", "nobody", "b", "a")).Should().BeEquivalentTo("a", "b");
    }

    [Fact]
    public async Task A_connection_without_a_user_is_found_as_well()
    {
        await Router.AttachAsync(Address.Everyone, "nameless");

        (await LocatedAsync("nameless")).Should().Equal("nameless");
    }

    [Fact]
    public async Task A_connection_that_was_detached_is_nowhere()
    {
        await Router.AttachAsync(Alice, "a");
        await Router.AttachAsync(Address.Everyone, "nameless");

        await Router.DetachAsync(Alice, "a");
        await Router.DetachAsync(Address.Everyone, "nameless");

        (await LocatedAsync("a", "nameless")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_group_is_no_connection_and_its_members_are_found_by_their_users_only()
    {
        await Router.AttachAsync(Address.Group("room"), "member");

        (await LocatedAsync("group:room", "room", "member")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_node_that_has_left_has_nobody()
    {
        await Router.AttachAsync(Alice, "a");
        await Router.AttachAsync(Address.Everyone, "nameless");

        await Node.Channel.CloseAsync();

        (await LocatedAsync("a", "nameless")).Should().BeEmpty();
    }

    /// <summary>Those of the connections that are at the node.</summary>
    private async Task<IEnumerable<string>> LocatedAsync(params string[] connections)
    {
        var located = await Directory.LocateAsync(connections);
        located.Values.Should().AllBeEquivalentTo(Node.Id);
        return located.Keys;
    }

    public sealed class InMemory() : LocateTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : LocateTests(redis), IClassFixture<RedisRouting>;
}
