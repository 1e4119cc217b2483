using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Delivery;

public sealed class HeadNoticeTests : IAsyncLifetime
{
    private static readonly Address Alice = Address.User("alice");

    private readonly SteppedNode _node = new();
    private readonly PipedConnection _alice = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public void A_gap_is_told_with_its_own_place_though_the_node_knows_of_more_that_is_still_to_be_written()
    {
        var local = _node.Registry.Join(Alice, _alice.Client);
        var now = _node.Time.GetUtcNow();
        _alice.Client.Cursors.TakeTurn(now);
        local.Reconcile(Id(1), asked: null, now);
        var gap = local.Reconcile(Id(4), asked: Id(1), now)!.Value;
        local.Observe(new RoutedMessage(Alice, Id(5), Id(4), "}"u8.ToArray()), now).Should().BeNull();

        _node.Notice.Report(gap.Message, gap.Members);

        // Who has no cursor here would take 5-5 as its own, and drop the message when it comes.
        _alice.ReadAll().Should().Contain("\"user:alice\":\"4-4\"");
    }

    [Fact]
    public void Who_keeps_no_cursors_is_told_of_no_heads()
    {
        var local = _node.Registry.Join(Alice, _alice.Client);

        _node.Notice.Report(RoutedMessage.Gap(Alice, Id(4)), local.Members);

        _alice.ReadAll().Should().BeEmpty();
    }

    private static Cursor Id(int number) => new((ulong)number, (ulong)number);
}
