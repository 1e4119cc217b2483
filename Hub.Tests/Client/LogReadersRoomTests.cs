using RealtimeHub.Client.Handling;

namespace RealtimeHub.Tests.Client;

public sealed class LogReadersRoomTests : ReadLogs
{
    [Fact]
    public void What_the_queue_has_no_room_for_stays_with_the_hub_until_it_has()
    {
        Connect();
        Receive([.. Enumerable.Range(0, HandlingQueue.Capacity + 10).Select(_ => Log.Publish("m"))]);
        Queue.HasRoom.Should().BeFalse();
        Readers.AnyIsBehind.Should().BeTrue();

        var before = Handled.By(Queue);
        Resume();

        before.Concat(Handled.By(Queue)).Should().HaveCount(HandlingQueue.Capacity + 10);
    }

    [Fact]
    public void A_transient_message_that_the_queue_has_no_room_for_is_gone_and_asks_for_nothing()
    {
        Connect();
        Handled.By(Queue).Should().BeEmpty();
        Receive([.. Enumerable.Range(0, HandlingQueue.Capacity).Select(_ => Log.Publish("m"))]);

        Receive(Log.PublishTransient("typing"));

        Handled.By(Queue).Should().HaveCount(HandlingQueue.Capacity).And.NotContain($"{Alice} typing");
        Readers.AnyIsBehind.Should().BeFalse();
    }
}
