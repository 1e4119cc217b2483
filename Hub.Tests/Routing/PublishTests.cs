using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>How messages come into a log, and from there to the node.</summary>
public abstract class PublishTests(RoutingMode mode) : RouterTests(mode)
{
    [Fact]
    public async Task The_first_message_comes_after_the_head_that_attach_has_answered()
    {
        var head = (await Router.AttachAsync(Alice, "connection")).Head;

        var ids = await PublishAsync("first");

        var message = (await Node.DeliveredAsync()).Should().ContainSingle().Subject;
        (message.Address, message.Id, message.After).Should().Be((Alice, ids[0], head));
    }

    [Fact]
    public async Task Offsets_grow_by_one_and_each_message_comes_after_the_one_before()
    {
        var head = await Router.HeadAsync(Alice);

        var ids = await PublishAsync("a", "b", "c");

        ids.Select(id => id.Offset - head.Offset).Should().Equal(1, 2, 3);
        var messages = (await RetainedAsync(Alice)).Messages;
        messages.Select(message => message.Id).Should().Equal(ids);
        messages.Select(message => message.After).Should().Equal(head, ids[0], ids[1]);
    }

    [Fact]
    public async Task Attach_answers_the_head()
    {
        var ids = await PublishAsync("a", "b");

        (await Router.AttachAsync(Alice, "connection")).Head.Should().Be(ids[1]).And.Be(await Router.HeadAsync(Alice));
    }

    [Fact]
    public async Task To_attach_again_changes_nothing()
    {
        var head = (await Router.AttachAsync(Alice, "connection")).Head;

        (await Router.AttachAsync(Alice, "connection")).Head.Should().Be(head);
        await PublishAsync("once");
        (await Node.DeliveredAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task The_publishers_place_in_a_trace_goes_along_with_a_message_and_is_not_retained()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await Router.AttachAsync(Alice, "connection");

        await Router.PublishAsync(To(Alice, "durable") with { TraceParent = Trace });
        await Router.PublishAsync(To(Alice, "transient") with { TraceParent = Trace, IsTransient = true });

        (await Node.DeliveredAsync()).Select(message => (TextOf(message), message.TraceParent)).Should()
            .BeEquivalentTo([("durable", Trace), ("transient", Trace)]);
        (await RetainedAsync(Alice)).Messages.Should().ContainSingle().Which.TraceParent.Should().BeNull();
    }

    [Fact]
    public async Task What_is_published_with_nobody_attached_is_retained()
    {
        await PublishAsync("a", "b");

        TextsOf(await RetainedAsync(Alice)).Should().Equal("a", "b");
    }

    [Fact]
    public async Task What_is_delivered_is_what_the_log_holds()
    {
        await Router.AttachAsync(Alice, "connection");
        await PublishAsync("a", "b", "c");

        var delivered = await Node.DeliveredAsync();

        var retained = (await RetainedAsync(Alice)).Messages;
        delivered.Select(Shape).Should().Equal(retained.Select(Shape));

        static object Shape(RoutedMessage message) => (message.Address, message.Id, message.After, TextOf(message));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_is_passed_on_byte_for_byte(bool isTransient)
    {
        byte[] body = [.. "\n\n"u8, .. Enumerable.Range(0, 256).Select(number => (byte)number), .. "\n"u8];
        await Router.AttachAsync(Alice, "connection");

        await Router.PublishAsync(new Envelope(Alice, body) { IsTransient = isTransient });

        (await Node.DeliveredAsync()).Concat((await RetainedAsync(Alice)).Messages)
            .Should().HaveCount(isTransient ? 1 : 2).And.OnlyContain(message => message.Body.ToArray().SequenceEqual(body));
    }

    [Fact]
    public async Task No_two_messages_share_their_random_half()
    {
        var ids = await Task.WhenAll(Router.PublishAll([.. Enumerable.Range(0, 100).Select(number => To(Alice, $"{number}"))]));

        ids.Select(id => id.Tag).Should().OnlyHaveUniqueItems();
        ids.Should().Contain(id => id.Tag > long.MaxValue, "all 64 bits are random").And.Contain(id => id.Tag < long.MaxValue);
    }

    [Fact]
    public async Task Many_publishers_at_once_are_heard_in_the_order_of_the_log()
    {
        await Router.AttachAsync(Alice, "connection");

        string[] texts = [.. Enumerable.Range(0, 50).Select(turn => $"{turn}")];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => PublishAsync(texts))));

        var log = (await RetainedAsync(Alice)).Messages;
        log.Should().HaveCount(400);
        log.Skip(1).Zip(log).Should()
            .OnlyContain(pair => pair.First.After == pair.Second.Id && pair.First.Id.Offset == pair.Second.Id.Offset + 1);
        (await Node.DeliveredAsync()).Select(message => message.Id).Should().Equal(log.Select(message => message.Id));
    }

    [Fact]
    public async Task Of_many_at_once_those_of_one_address_keep_their_order()
    {
        Envelope[] messages = [.. Enumerable.Range(0, 200).Select(number => To(number % 2 == 0 ? Alice : Bob, $"{number}"))];

        var ids = await Task.WhenAll(Router.PublishAll(messages));

        var (alices, bobs) = (await RetainedAsync(Alice), await RetainedAsync(Bob));
        TextsOf(alices).Should().Equal(Enumerable.Range(0, 100).Select(number => $"{number * 2}"));
        TextsOf(bobs).Should().Equal(Enumerable.Range(0, 100).Select(number => $"{(number * 2) + 1}"));
        ids.Where((_, index) => index % 2 == 0).Should().Equal(alices.Messages.Select(message => message.Id));
    }

    [Fact]
    public async Task A_transient_message_is_delivered_and_stands_in_no_log()
    {
        var head = (await Router.AttachAsync(Alice, "connection")).Head;

        var id = await Router.PublishAsync(To(Alice, "typing") with { IsTransient = true });

        var message = (await Node.DeliveredAsync()).Should().ContainSingle().Subject;
        (message.Address, message.Id, message.After, TextOf(message)).Should().Be((Alice, id, null, "typing"));
        id.Offset.Should().Be(0);
        (await ReadAsync(head)).Should().BeEquivalentTo(new LogPage(Recovered: true, head, [], More: false));
    }

    public sealed class InMemory() : PublishTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : PublishTests(redis), IClassFixture<RedisRouting>;
}
