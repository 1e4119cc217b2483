using System.Runtime.CompilerServices;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>What the router in memory lets go of, since nobody else would.</summary>
public sealed class InMemoryRouterTests() : RouterTests(new InMemoryRouting(), ("Routing:MaxAge", "01:00:00"))
{
    [Fact]
    public async Task Messages_that_are_too_old_are_let_go_of_when_any_address_is_used()
    {
        var message = await PublishAndForgetAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(61));

        await Router.HeadAsync(Bob);

        IsKept(message).Should().BeFalse();
    }

    [Fact]
    public async Task A_message_and_a_key_are_gone_at_the_very_end_of_their_time()
    {
        var first = await Router.PublishAsync(To(Alice, "first") with { IdempotencyKey = "key" });
        await AdvanceAsync(RoutingOptions.IdempotencyMemory);
        var second = await Router.PublishAsync(To(Alice, "second") with { IdempotencyKey = "key" });
        second.Should().NotBe(first);

        await AdvanceAsync(TimeSpan.FromHours(1) - RoutingOptions.IdempotencyMemory);

        TextsOf(await RetainedAsync(Alice)).Should().Equal("second");
    }

    [Fact]
    public async Task Messages_are_kept_as_long_as_they_may_be_read()
    {
        var message = await PublishAndForgetAsync();
        await AdvanceAsync(TimeSpan.FromMinutes(59));

        await Router.HeadAsync(Bob);

        IsKept(message).Should().BeTrue();
    }

    [Fact]
    public async Task Forgotten_heads_and_keys_are_let_go_of_when_any_address_is_used()
    {
        var (key, address) = await PublishOnceAsync();
        await AdvanceAsync(RoutingOptions.IdempotencyMemory);
        await Router.HeadAsync(Bob);
        IsKept(key).Should().BeFalse();
        IsKept(address).Should().BeTrue();

        await AdvanceAsync(RoutingOptions.HeadMemory + TimeSpan.FromHours(1) - RoutingOptions.IdempotencyMemory);
        await Router.HeadAsync(Bob);

        IsKept(address).Should().BeFalse();
    }

    [Fact]
    public async Task A_log_that_is_forgotten_under_many_hands_begins_anew_once()
    {
        for (var turn = 0; turn < 50; turn++)
        {
            await AdvanceAsync(RoutingOptions.HeadMemory + TimeSpan.FromHours(1));

            await Task.WhenAll(
                Enumerable.Range(0, 8).Select(hand => Task.Run(() => Router.PublishAsync(To(hand % 2 == 0 ? Alice : Bob, "hello")))));

            (await RetainedAsync(Alice)).Messages.Should().HaveCount(4);
            (await RetainedAsync(Bob)).Messages.Should().HaveCount(4);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference> PublishAndForgetAsync()
    {
        var body = new byte[100];
        await PublishUnheardAsync(new Envelope(Address.Group("nobody"), body));
        return new WeakReference(body);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<(WeakReference Key, WeakReference Address)> PublishOnceAsync()
    {
        var (key, address) = (new string('k', 20), Address.User(new string('a', 20)));
        await PublishUnheardAsync(To(address, "hello") with { IdempotencyKey = key });
        return (new WeakReference(key), new WeakReference(address.ToString()));
    }

    /// <summary>So that no inbox keeps it.</summary>
    private async Task PublishUnheardAsync(Envelope message)
    {
        await Node.Channel.CloseAsync();
        await Router.PublishAsync(message);
    }

    private static bool IsKept(WeakReference thing)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return thing.IsAlive;
    }
}
