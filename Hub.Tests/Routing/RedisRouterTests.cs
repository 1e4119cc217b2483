using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>Which nodes hear a message, and in which order.</summary>
public sealed class RedisRouterTests(RedisRouting redis) : ThreeNodeTests(redis), IClassFixture<RedisRouting>
{
    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task A_message_reaches_once_each_node_on_which_its_address_has_connections_and_no_other(string text)
    {
        var address = AddressOf(text);
        await AttachAsync(address, (Node, "1"), (Node, "2"), (Second, "3"));

        await Third.Router.PublishAsync(To(address, "hello"));

        (await TextsAsync()).Should().Equal("hello", "hello", "");
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task A_transient_message_takes_the_same_way(string text)
    {
        var address = AddressOf(text);
        await AttachAsync(address, (Node, "1"), (Node, "2"), (Second, "3"));

        await Third.Router.PublishAsync(To(address, "typing") with { IsTransient = true });

        (await TextsAsync()).Should().Equal("typing", "typing", "");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_to_everyone_reaches_every_node(bool isTransient)
    {
        await Second.Router.PublishAsync(To(Address.Everyone, "hello") with { IsTransient = isTransient });

        (await TextsAsync()).Should().Equal("hello", "hello", "hello");
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task A_node_that_has_detached_is_told_no_more(string text)
    {
        var address = AddressOf(text);
        await AttachAsync(address, (Node, "1"), (Second, "2"));
        await Node.Router.PublishAsync(To(address, "before"));

        await Node.Router.DetachAsync(address, "1");
        await Node.Router.PublishAsync(To(address, "after"));

        (await TextsAsync()).Should().Equal("before", "before after", "");
    }

    [Fact]
    public async Task A_node_is_told_until_the_last_connection_of_the_user_has_gone()
    {
        await AttachAsync(Alice, (Node, "1"), (Node, "2"));

        await Router.DetachAsync(Alice, "1");
        await PublishAsync("to one");
        await Router.DetachAsync(Alice, "2");
        await PublishAsync("to none");

        (await Node.DeliveredAsync()).Select(TextOf).Should().Equal("to one");
        TextsOf(await RetainedAsync(Alice)).Should().Equal("to one", "to none");
    }

    [Fact]
    public async Task To_detach_what_was_never_attached_changes_nothing()
    {
        await AttachAsync(Alice, (Node, "1"));

        await Second.Router.DetachAsync(Alice, "2");
        await PublishAsync("hello");

        (await Node.DeliveredAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task Publishers_on_several_nodes_are_heard_everywhere_in_the_order_of_the_log()
    {
        await AttachAsync(Alice, (Node, "1"), (Second, "2"));

        await Task.WhenAll(All.SelectMany(node => Enumerable.Range(0, 4).Select(_ => Task.Run(() => PublishManyAsync(node)))));

        var log = (await RetainedAsync(Alice)).Messages.Select(message => message.Id).ToList();
        log.Should().HaveCount(300);
        (await Node.DeliveredAsync()).Select(message => message.Id).Should().Equal(log);
        (await Second.DeliveredAsync()).Select(message => message.Id).Should().Equal(log);
    }

    [Fact]
    public async Task Of_many_at_once_with_one_key_on_all_nodes_one_is_published()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 60).Select(turn =>
            Task.Run(() => All[turn % 3].Router.PublishAsync(To(Alice, $"{turn}") with { IdempotencyKey = "key" }))));

        ids.Distinct().Should().ContainSingle();
        (await RetainedAsync(Alice)).Messages.Should().ContainSingle();
    }

    private static async Task PublishManyAsync(RouterNode node)
    {
        for (var turn = 0; turn < 25; turn++)
        {
            await node.Router.PublishAsync(To(Alice, "many"));
        }
    }

    /// <summary>What each node has been delivered.</summary>
    private async Task<string[]> TextsAsync() =>
        [.. (await Task.WhenAll(All.Select(node => node.DeliveredAsync()))).Select(messages => string.Join(' ', messages.Select(TextOf)))];
}
