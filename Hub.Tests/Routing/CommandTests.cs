using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>What nodes tell each other. Here there is one, which hears itself.</summary>
public abstract class CommandTests(RoutingMode mode) : RouterTests(mode)
{
    [Fact]
    public async Task A_command_to_an_address_reaches_the_node_of_its_connections()
    {
        await Router.AttachAsync(Alice, "connection");

        await Router.SendCommandAsync(Alice, "to Alice's"u8.ToArray());

        (await Node.CommandsAsync()).Should().Equal("to Alice's");
    }

    [Fact]
    public async Task A_command_to_everyone_reaches_the_node_without_anybody_attached()
    {
        await Router.SendCommandAsync(Address.Everyone, "to all"u8.ToArray());

        (await Node.CommandsAsync()).Should().Equal("to all");
    }

    [Fact]
    public async Task A_command_to_a_node_reaches_it_and_no_other()
    {
        (await Router.SendCommandAsync(NodeId.Create(), "to another"u8.ToArray())).Should().BeFalse("it is certain that no such node is there");
        (await Router.SendCommandAsync(Node.Id, "to this"u8.ToArray())).Should().BeTrue();

        (await Node.CommandsAsync()).Should().Equal("to this");
    }

    [Fact]
    public async Task A_command_to_a_node_that_has_left_is_known_to_reach_nobody()
    {
        await Node.Channel.CloseAsync();

        (await Router.SendCommandAsync(Node.Id, "to this"u8.ToArray())).Should().BeFalse();
    }

    [Fact]
    public async Task A_command_is_no_message_and_leaves_no_trace_in_a_log()
    {
        var head = (await Router.AttachAsync(Alice, "connection")).Head;

        await Router.SendCommandAsync(Alice, "user:alice\n1-1\n\n{}"u8.ToArray());

        (await Node.DeliveredAsync()).Should().BeEmpty();
        (await Router.HeadAsync(Alice)).Should().Be(head);
    }

    [Fact]
    public async Task Everyone_is_reached_without_attaching()
    {
        await Router.PublishAsync(To(Address.Everyone, "to all"));

        (await Node.DeliveredAsync()).Select(message => (message.Address, TextOf(message))).Should().Equal((Address.Everyone, "to all"));
    }

    [Fact]
    public async Task After_the_inbox_is_closed_nothing_is_delivered_and_the_log_goes_on()
    {
        await Router.AttachAsync(Alice, "connection");
        await PublishAsync("heard");
        var before = await Node.DeliveredAsync();

        await Node.Channel.CloseAsync();
        await PublishAsync("unheard");

        before.Select(TextOf).Should().Equal("heard");
        TextsOf(await RetainedAsync(Alice)).Should().Equal("heard", "unheard");
        Node.Delivered.Select(TextOf).Should().Equal("heard");
    }

    public sealed class InMemory() : CommandTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : CommandTests(redis), IClassFixture<RedisRouting>;
}
