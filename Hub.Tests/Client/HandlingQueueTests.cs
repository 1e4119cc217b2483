using System.Text.Json;
using RealtimeHub.Client;
using RealtimeHub.Client.Handling;

namespace RealtimeHub.Tests.Client;

public sealed class HandlingQueueTests
{
    private const string Alice = "user:alice";
    private const string Room = "group:room1";

    private readonly HandlingQueue _queue = new(new Dictionary<string, string> { [Alice] = "1" });

    [Fact]
    public void A_message_counts_when_it_has_been_handled()
    {
        Add(Alice, "2");

        _queue.TryTake(out _);
        _queue.Cursors[Alice].Should().Be("1");
        _queue.Positions[Alice].Should().Be("2", "it must not be handled twice by who resumes meanwhile");

        _queue.Done();
        _queue.Cursors[Alice].Should().Be("2");
    }

    [Fact]
    public void What_is_dropped_moves_no_cursor()
    {
        Add(Alice, "2");
        _queue.Add(new QueueEntry.Moved(Alice, "3"));
        _queue.Add(new QueueEntry.Lost(Room));
        _queue.Add(new QueueEntry.Moved(Room, "9"));

        _queue.Clear();

        _queue.TryTake(out _).Should().BeFalse();
        _queue.Cursors.Should().Equal(new Dictionary<string, string> { [Alice] = "1" });
    }

    [Fact]
    public void A_place_that_no_message_stands_before_is_kept_even_if_nothing_was_handled()
    {
        _queue.Add(new QueueEntry.Moved(Room, "8"));
        Add(Room, "9");

        _queue.Clear();

        _queue.Positions[Room].Should().Be("8");
    }

    [Fact]
    public async Task There_is_room_again_when_half_has_been_handled()
    {
        for (var id = 0; id < HandlingQueue.Capacity; id++)
        {
            Add(Alice, $"{id}");
        }

        var room = _queue.RoomAsync(CancellationToken.None);
        _queue.HasRoom.Should().BeFalse();
        for (var id = 0; id < HandlingQueue.Capacity / 2; id++)
        {
            room.IsCompleted.Should().BeFalse();
            _queue.TryTake(out _);
        }

        await room.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private void Add(string address, string id) =>
        _queue.Add(new QueueEntry.Message(new PushMessage(id, "before", address, "t", default(JsonElement), default)));
}
