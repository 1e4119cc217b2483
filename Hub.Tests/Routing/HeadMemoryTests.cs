using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>
/// A log whose messages are all too old, here after an hour, still knows where it has come to, and in the end not even that.
/// </summary>
public abstract class HeadMemoryTests(RoutingMode mode) : RouterTests(mode, ("Routing:MaxAge", "01:00:00"))
{
    private static readonly TimeSpan HeadMemory = TimeSpan.FromDays(30);

    [Fact]
    public async Task When_all_messages_are_too_old_the_log_is_empty_and_its_head_is_the_same()
    {
        var ids = await PublishAsync("a", "b");

        await AdvanceAsync(TimeSpan.FromMinutes(61));

        (await RetainedAsync(Alice)).Should().BeEquivalentTo(new LogPage(Recovered: true, ids[1], [], More: false));
        (await Router.AttachAsync(Alice, "connection")).Head.Should().Be(ids[1]);
    }

    [Fact]
    public async Task Who_has_handled_the_last_message_misses_nothing_when_it_is_too_old()
    {
        var ids = await PublishAsync("a", "b");

        await AdvanceAsync(TimeSpan.FromMinutes(61));

        (await ReadAsync(ids[1])).Should().BeEquivalentTo(new LogPage(Recovered: true, ids[1], [], More: false));
        (await ReadAsync(ids[0])).Should().BeEquivalentTo(new LogPage(Recovered: false, ids[1], [], More: false));
    }

    [Fact]
    public async Task A_log_whose_messages_are_all_too_old_goes_on_from_its_head()
    {
        var ids = await PublishAsync("a", "b");
        await AdvanceAsync(TimeSpan.FromMinutes(61));

        var next = (await PublishAsync("c"))[0];

        (next.Offset, (await RetainedAsync(Alice)).Messages.Single().After).Should().Be((ids[1].Offset + 1, ids[1]));
        var page = await ReadAsync(ids[1]);
        page.Recovered.Should().BeTrue();
        TextsOf(page).Should().Equal("c");
    }

    [Fact]
    public async Task A_head_is_kept_for_thirty_days_longer_than_its_messages()
    {
        var ids = await PublishAsync("a");

        await AdvanceAsync(HeadMemory + TimeSpan.FromMinutes(59));

        (await ReadAsync(ids[0])).Recovered.Should().BeTrue();
    }

    [Fact]
    public async Task A_forgotten_log_begins_anew_above_the_one_before()
    {
        var ids = await PublishAsync("a", "b");
        await AdvanceAsync(1.25 * (HeadMemory + TimeSpan.FromMinutes(61)));

        var head = await Router.HeadAsync(Alice);

        head.Offset.Should().BeGreaterThan(ids[1].Offset);
        (await ReadAsync(ids[1])).Should().BeEquivalentTo(new LogPage(Recovered: false, head, [], More: false));
    }

    [Fact]
    public async Task Each_attach_keeps_the_head_for_as_long_again()
    {
        var head = (await Router.AttachAsync(Alice, "connection")).Head;
        await AdvanceAsync(HeadMemory);
        await Router.AttachAsync(Alice, "connection");

        await AdvanceAsync(HeadMemory);

        (await Router.HeadAsync(Alice)).Should().Be(head);
    }

    [Fact]
    public async Task Each_publish_keeps_the_head_for_as_long_again()
    {
        await PublishAsync("a");
        await AdvanceAsync(HeadMemory);
        var ids = await PublishAsync("b");

        await AdvanceAsync(HeadMemory);

        (await Router.HeadAsync(Alice)).Should().Be(ids[0]);
    }

    public sealed class InMemory() : HeadMemoryTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : HeadMemoryTests(redis), IClassFixture<RedisRouting>;
}
