using RealtimeHub.Client.Handling;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Tests.Client;

public sealed class LogReadersLiveTests : ReadLogs
{
    [Fact]
    public void A_transient_message_is_handled_and_moves_no_cursor()
    {
        Connect();
        var cursor = Reader.Position;

        Receive(Log.PublishTransient("typing"));

        Handled.By(Queue).Should().Equal($"{Alice} typing");
        Reader.Position.Should().Be(cursor);
        Queue.Cursors[Alice].Should().Be(cursor);
    }

    [Fact]
    public void A_message_that_comes_twice_is_handled_once_and_asks_for_nothing()
    {
        Connect();
        var (first, second) = (Log.Publish("1"), Log.Publish("2"));

        Receive(first, second, first, second, first);

        Handled.By(Queue).Should().Equal($"{Alice} 1", $"{Alice} 2");
        Readers.AnyIsBehind.Should().BeFalse();
    }

    [Fact]
    public void A_gap_is_filled_by_a_call_for_that_address_alone()
    {
        Hub.Own.Add(Room);
        Connect();
        var cursor = Log.Head;
        Log.Publish("missing");
        Receive(Log.Publish("2"), Log.Publish("3"));
        Readers.AnyIsBehind.Should().BeTrue();

        Resume().Should().BeEquivalentTo(new ResumeRequest(new Dictionary<string, string> { [Alice] = cursor }, null));

        Handled.By(Queue).Should().Equal($"{Alice} missing", $"{Alice} 2", $"{Alice} 3");
        Readers.AnyIsBehind.Should().BeFalse();
    }

    [Fact]
    public void A_group_that_was_joined_since_begins_with_its_first_message()
    {
        Connect();

        Receive(Hub[Room].Publish("1"), Hub[Room].Publish("2"));

        Handled.By(Queue).Should().Equal($"{Room} 1", $"{Room} 2");
        Readers.AnyIsBehind.Should().BeFalse();
    }

    [Fact]
    public void Until_its_first_message_is_handled_the_cursor_of_a_group_is_before_it()
    {
        Connect();
        var before = Hub[Room].Head;
        Receive(Hub[Room].Publish("1"));

        while (Queue.TryTake(out var entry) && entry is QueueEntry.Moved)
        {
            Queue.Done();
        }

        Queue.Cursors[Room].Should().Be(before);
    }
}
