using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>A backend that does not know whether it has published publishes again, with the same key.</summary>
public abstract class IdempotencyTests(RoutingMode mode) : RouterTests(mode)
{
    [Fact]
    public async Task The_same_key_again_answers_the_first_id_and_publishes_nothing()
    {
        await Router.AttachAsync(Alice, "connection");
        var first = await PublishAsync(Alice, "first", "key");

        var second = await PublishAsync(Alice, "second", "key");

        second.Should().Be(first);
        (await Router.HeadAsync(Alice)).Should().Be(first);
        (await Node.DeliveredAsync()).Select(TextOf).Should().Equal("first");
        TextsOf(await RetainedAsync(Alice)).Should().Equal("first");
    }

    [Fact]
    public async Task The_first_id_is_answered_even_if_others_were_published_since()
    {
        var first = await PublishAsync(Alice, "first", "key");
        await PublishAsync("between");

        (await PublishAsync(Alice, "second", "key")).Should().Be(first);
    }

    [Fact]
    public async Task Of_many_at_once_with_one_key_one_is_published()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Task.Run(() => PublishAsync(Alice, $"{number}", "key"))));

        ids.Distinct().Should().ContainSingle().Which.Should()
            .Be((await RetainedAsync(Alice)).Messages.Should().ContainSingle().Subject.Id);
    }

    [Fact]
    public async Task In_one_batch_the_first_with_a_key_is_published()
    {
        var ids = await Task.WhenAll(
            Router.PublishAll([.. Enumerable.Range(0, 3).Select(number => To(Alice, $"{number}") with { IdempotencyKey = "key" })]));

        ids.Distinct().Should().ContainSingle();
        TextsOf(await RetainedAsync(Alice)).Should().Equal("0");
    }

    [Fact]
    public async Task The_same_key_at_another_address_is_another()
    {
        var alices = await PublishAsync(Alice, "Alice's", "key");

        var bobs = await PublishAsync(Bob, "Bob's", "key");

        bobs.Should().NotBe(alices);
        TextsOf(await RetainedAsync(Bob)).Should().Equal("Bob's");
    }

    [Fact]
    public async Task Keys_that_look_alike_are_different_ones()
    {
        string[] keys =
            ["key", "Key", "key ", " key", "k:ey", "k{e}y", "*", "%20", "кey", "ключ", "🔑", "e\u0301", "\u00e9", new('k', 256), new('k', 255)];

        var ids = await Task.WhenAll(keys.Select(key => PublishAsync(Alice, key, key)));

        ids.Should().OnlyHaveUniqueItems();
        (await Task.WhenAll(keys.Select(key => PublishAsync(Alice, "again", key)))).Should().Equal(ids);
    }

    [Fact]
    public async Task Without_a_key_the_same_message_is_published_twice()
    {
        await PublishAsync("same", "same");

        TextsOf(await RetainedAsync(Alice)).Should().Equal("same", "same");
    }

    [Fact]
    public async Task A_key_is_forgotten_five_minutes_after_its_message_however_often_it_is_shown()
    {
        var first = await PublishAsync(Alice, "first", "key");
        await AdvanceAsync(TimeSpan.FromSeconds(270));
        var second = await PublishAsync(Alice, "second", "key");
        await AdvanceAsync(TimeSpan.FromSeconds(31));

        var third = await PublishAsync(Alice, "third", "key");

        second.Should().Be(first);
        third.Should().NotBe(first);
        TextsOf(await RetainedAsync(Alice)).Should().Equal("first", "third");
    }

    [Fact]
    public async Task Another_message_under_the_key_is_a_conflict_and_is_not_published()
    {
        await Router.AttachAsync(Alice, "connection");
        var first = await Router.PublishAsync(To(Alice, "first") with { IdempotencyKey = "key", Fingerprint = "one" });

        await Router.Awaiting(router => router.PublishAsync(To(Alice, "other") with { IdempotencyKey = "key", Fingerprint = "other" }))
            .Should().ThrowAsync<IdempotencyConflictException>();

        (await Router.PublishAsync(To(Alice, "again") with { IdempotencyKey = "key", Fingerprint = "one" })).Should().Be(first);
        (await Node.DeliveredAsync()).Select(TextOf).Should().Equal("first");
        TextsOf(await RetainedAsync(Alice)).Should().Equal("first");
    }

    [Fact]
    public async Task In_a_batch_a_conflict_holds_up_no_other_not_even_the_one_that_follows_it()
    {
        Envelope[] batch =
        [
            To(Alice, "one") with { IdempotencyKey = "key", Fingerprint = "one" },
            To(Alice, "other") with { IdempotencyKey = "key", Fingerprint = "other", Follows = "key" },
            To(Alice, "two") with { IdempotencyKey = "next", Fingerprint = "two", Follows = "key" },
            To(Bob, "Bob's") with { IdempotencyKey = "key", Fingerprint = "other" },
        ];

        var published = Router.PublishAll(batch);
        await Record.ExceptionAsync(() => Task.WhenAll(published));

        published.Select(task => task.Exception?.InnerException?.GetType()).Should()
            .Equal(null, typeof(IdempotencyConflictException), null, null);
        TextsOf(await RetainedAsync(Alice)).Should().Equal("one", "two");
        TextsOf(await RetainedAsync(Bob)).Should().Equal("Bob's");
    }

    [Fact]
    public async Task A_key_that_is_forgotten_takes_another_message()
    {
        await Router.PublishAsync(To(Alice, "first") with { IdempotencyKey = "key", Fingerprint = "one" });
        await AdvanceAsync(TimeSpan.FromSeconds(301));

        await Router.PublishAsync(To(Alice, "other") with { IdempotencyKey = "key", Fingerprint = "other" });

        TextsOf(await RetainedAsync(Alice)).Should().Equal("first", "other");
    }

    private Task<Cursor> PublishAsync(Address address, string text, string key) =>
        Router.PublishAsync(To(address, text) with { IdempotencyKey = key });

    public sealed class InMemory() : IdempotencyTests(new InMemoryRouting());

    public sealed class OnRedis(RedisRouting redis) : IdempotencyTests(redis), IClassFixture<RedisRouting>;
}
