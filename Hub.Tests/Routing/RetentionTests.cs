using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>What a log keeps: here at most five messages, and none for more than an hour.</summary>
public abstract class RetentionTests(RoutingMode mode) : RouterTests(mode, ("Routing:MaxMessages", "5"), ("Routing:MaxAge", "01:00:00"))
{
    [Fact]
    public async Task The_newest_messages_are_kept_up_to_the_greatest_number()
    {
        await PublishAsync("a", "b", "c", "d", "e", "f", "g");

        TextsOf(await RetainedAsync(Alice)).Should().Equal("c", "d", "e", "f", "g");
    }

    [Fact]
    public async Task A_message_is_kept_for_its_greatest_age_and_no_longer()
    {
        await PublishAsync("a");
        await AdvanceAsync(TimeSpan.FromSeconds(3_570));
        var before = await RetainedAsync(Alice);

        await AdvanceAsync(TimeSpan.FromSeconds(31));

        TextsOf(before).Should().Equal("a");
        TextsOf(await RetainedAsync(Alice)).Should().BeEmpty();
    }

    [Theory]
    [InlineData]
    [InlineData("c")]
    public async Task Of_messages_of_different_ages_only_those_too_old_are_gone(params string[] publishedSince)
    {
        var (_, _, last) = await PublishAnOldAndAYoungOneAsync(publishedSince);

        var page = await RetainedAsync(Alice);

        (page.Recovered, page.Cursor).Should().Be((true, last), "who was never there has lost nothing");
        TextsOf(page).Should().Equal(["young", .. publishedSince]);
    }

    [Theory]
    [InlineData]
    [InlineData("c")]
    public async Task Who_has_handled_a_message_that_is_too_old_recovers_what_came_after(params string[] publishedSince)
    {
        var (_, old, last) = await PublishAnOldAndAYoungOneAsync(publishedSince);

        var page = await ReadAsync(old);

        (page.Recovered, page.Cursor).Should().Be((true, last));
        TextsOf(page).Should().Equal(["young", .. publishedSince]);
    }

    [Theory]
    [InlineData]
    [InlineData("c")]
    public async Task Who_has_not_handled_a_message_that_is_too_old_is_told_of_the_loss(params string[] publishedSince)
    {
        var (head, _, last) = await PublishAnOldAndAYoungOneAsync(publishedSince);

        var page = await ReadAsync(head);

        (page.Recovered, page.Cursor).Should().Be((false, last));
        TextsOf(page).Should().Equal(["young", .. publishedSince]);
    }

    private async Task<(Cursor Head, Cursor Old, Cursor Last)> PublishAnOldAndAYoungOneAsync(string[] publishedSince)
    {
        var head = await Router.HeadAsync(Alice);
        var old = (await PublishAsync("old"))[0];
        await AdvanceAsync(TimeSpan.FromMinutes(40));
        var young = await PublishAsync("young");
        await AdvanceAsync(TimeSpan.FromMinutes(30));
        return (head, old, young.Concat(await PublishAsync(publishedSince)).Last());
    }

    public sealed class InMemory() : RetentionTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : RetentionTests(redis), IClassFixture<RedisRouting>;
}
