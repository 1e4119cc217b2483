using RealtimeHub.Client;
using RealtimeHub.Client.Handling;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Tests.Client;

public sealed class LogReadersTests
{
    private const string Alice = "user:alice";
    private const string Room = "group:room1";

    private readonly FakeLogs _hub = new() { Own = { Alice } };
    private readonly HandlingQueue _queue = new(new Dictionary<string, string>());
    private readonly LogReaders _readers;

    public LogReadersTests() => _readers = new LogReaders(_queue, new Dictionary<string, string>());

    private FakeLog Log => _hub[Alice];

    private LogReader Reader => _readers.Of(Alice);

    [Fact]
    public void The_first_call_on_a_connection_is_for_all_its_addresses()
    {
        Connect(ResumeFrom.Retained).Should().BeEquivalentTo(new ResumeRequest(new Dictionary<string, string>(), ResumeFrom.Retained));

        Connect(ResumeFrom.Head).Should()
            .BeEquivalentTo(new ResumeRequest(new Dictionary<string, string> { [Alice] = Log.Head }, ResumeFrom.Head));
    }

    [Fact]
    public void From_the_head_nothing_that_was_before_is_handled()
    {
        Log.Publish("before");
        Connect();
        Receive(Log.Publish("after"));

        Handled.By(_queue).Should().Equal($"{Alice} after");
    }

    [Fact]
    public void From_what_is_retained_all_of_it_is_handled()
    {
        Log.Publish("before");
        Connect(ResumeFrom.Retained);
        Receive(Log.Publish("after"));

        Handled.By(_queue).Should().Equal($"{Alice} before", $"{Alice} after");
    }

    [Fact]
    public void What_was_published_between_two_connections_is_handled_in_order()
    {
        Connect();
        Receive(Log.Publish("1"));
        Log.Publish("2");
        Log.Publish("3");
        Connect();
        Receive(Log.Publish("4"));

        Handled.By(_queue).Should().Equal($"{Alice} 1", $"{Alice} 2", $"{Alice} 3", $"{Alice} 4");
    }

    [Fact]
    public void A_transient_message_is_handled_and_moves_no_cursor()
    {
        Connect();
        var cursor = Reader.Position;

        Receive(Log.PublishTransient("typing"));

        Handled.By(_queue).Should().Equal($"{Alice} typing");
        Reader.Position.Should().Be(cursor);
        _queue.Cursors[Alice].Should().Be(cursor);
    }

    [Fact]
    public void A_message_that_comes_twice_is_handled_once_and_asks_for_nothing()
    {
        Connect();
        var (first, second) = (Log.Publish("1"), Log.Publish("2"));

        Receive(first, second, first, second, first);

        Handled.By(_queue).Should().Equal($"{Alice} 1", $"{Alice} 2");
        _readers.AnyIsBehind.Should().BeFalse();
    }

    [Fact]
    public void A_gap_is_filled_by_a_call_for_that_address_alone()
    {
        _hub.Own.Add(Room);
        Connect();
        var cursor = Log.Head;
        Log.Publish("missing");
        Receive(Log.Publish("2"), Log.Publish("3"));
        _readers.AnyIsBehind.Should().BeTrue();

        Resume().Should().BeEquivalentTo(new ResumeRequest(new Dictionary<string, string> { [Alice] = cursor }, null));

        Handled.By(_queue).Should().Equal($"{Alice} missing", $"{Alice} 2", $"{Alice} 3");
        _readers.AnyIsBehind.Should().BeFalse();
    }

    [Fact]
    public void What_comes_while_a_call_is_under_way_is_looked_at_afterwards()
    {
        Connect();
        FallBehind();
        var request = _readers.BeginCall(ResumeFrom.Head);
        var inAnswer = Log.Publish("in the answer too");
        var answer = _hub.Answer(request);
        var next = Log.Publish("next");

        Receive(inAnswer, next);
        Handled.By(_queue).Should().BeEmpty();
        _readers.Take(answer);

        Handled.By(_queue).Should().Equal($"{Alice} missing", $"{Alice} seen", $"{Alice} in the answer too", $"{Alice} next");
        _readers.AnyIsBehind.Should().BeFalse();
    }

    [Fact]
    public void A_gap_among_what_came_during_a_call_costs_one_more()
    {
        Connect();
        FallBehind();
        var answer = _hub.Answer(_readers.BeginCall(ResumeFrom.Head));
        Log.Publish("also missing");
        Receive(Log.Publish("late"));

        _readers.Take(answer);
        _readers.AnyIsBehind.Should().BeTrue();
        Resume();

        Handled.By(_queue).Should().Equal($"{Alice} missing", $"{Alice} seen", $"{Alice} also missing", $"{Alice} late");
    }

    [Fact]
    public void Another_address_goes_on_while_a_call_is_under_way()
    {
        _hub.Own.Add(Room);
        Connect();
        FallBehind();
        _readers.BeginCall(ResumeFrom.Head);

        Receive(_hub[Room].Publish("hello"));

        Handled.By(_queue).Should().Equal($"{Room} hello");
    }

    [Fact]
    public void Transient_messages_that_come_during_a_call_are_handled_at_once()
    {
        Connect();
        FallBehind();
        var answer = _hub.Answer(_readers.BeginCall(ResumeFrom.Head));

        Receive(Log.PublishTransient("typing"));
        _readers.Take(answer);

        Handled.By(_queue).Should().Equal($"{Alice} typing", $"{Alice} missing", $"{Alice} seen");
    }

    [Fact]
    public void Pages_are_asked_for_until_the_last()
    {
        _hub.Own.Add(Room);
        Connect();
        for (var number = 0; number < 5; number++)
        {
            Log.Publish("a");
            _hub[Room].Publish("r");
        }

        _hub.Room = 3;
        _readers.BeginConnection();
        var calls = ResumeAll(ResumeFrom.Head);

        calls.Should().HaveCount(4).And.OnlyContain(call => call.From == ResumeFrom.Head && call.Cursors.Count == 2);
        Handled.By(_queue).Should().HaveCount(10).And.BeInDescendingOrder("the messages of each address stay together")
            .And.NotContain(word => word.EndsWith("lost"));
    }

    [Fact]
    public void A_loss_is_announced_before_what_is_left()
    {
        Connect();
        Log.Publish("1");
        Log.Publish("2");
        Log.Publish("3");
        Log.Trim(1);

        Connect();

        Handled.By(_queue).Should().Equal($"{Alice} lost", $"{Alice} 3");
    }

    [Fact]
    public void What_Redis_has_lost_is_announced_and_the_stream_goes_on()
    {
        Connect();
        Receive(Log.Publish("1"), Log.Publish("2"), Log.Publish("3"));
        Log.LoseEnd(2);

        Receive(Log.Publish("another 2"));
        Resume();
        Receive(Log.Publish("4"));

        Handled.By(_queue).Should().Equal($"{Alice} 1", $"{Alice} 2", $"{Alice} 3", $"{Alice} lost", $"{Alice} 4");
    }

    [Fact]
    public void A_late_copy_of_what_Redis_has_lost_is_not_handled_again()
    {
        Connect();
        var (kept, lost) = (Log.Publish("1"), Log.Publish("2"));
        Receive(kept, lost);
        Log.LoseEnd(1);
        Connect();

        Receive(lost);

        Reader.Position.Should().Be(kept.Id, "it is what the lost message came after");
        Handled.By(_queue).Should().Equal($"{Alice} 1", $"{Alice} 2", $"{Alice} lost");
    }

    [Fact]
    public void What_comes_while_a_loss_is_told_may_be_older_than_it_and_costs_one_more_call()
    {
        Connect();
        Receive(Log.Publish("1"));
        var late = Log.Publish("late");
        Log.LoseEnd(1);
        Receive(Log.Publish("2"));
        Log.LoseEnd(1);
        Reader.Compare(Log.Head);
        var answer = _hub.Answer(_readers.BeginCall(ResumeFrom.Head));
        Receive(late);

        _readers.Take(answer);
        _readers.AnyIsBehind.Should().BeTrue();
        Resume();

        Handled.By(_queue).Should().Equal($"{Alice} 1", $"{Alice} 2", $"{Alice} lost");
    }

    [Fact]
    public void An_address_that_is_refused_is_forgotten()
    {
        Connect();
        Receive(Log.Publish("1"));
        _hub.Own.Remove(Alice);

        Connect();

        Handled.By(_queue).Should().Equal($"{Alice} 1");
        _queue.Cursors.Should().NotContainKey(Alice);
        Connect().Cursors.Should().BeEmpty();
    }

    [Fact]
    public void As_many_cursors_are_sent_as_a_connection_has_addresses_and_no_more()
    {
        foreach (var group in Enumerable.Range(0, CursorRules.MaxCursors))
        {
            _readers.Of($"group:{group}").Adopt("1-1");
        }

        _readers.BeginConnection();
        _readers.BeginCall(ResumeFrom.Head).Cursors.Should().HaveCount(1_002);
        Reader.Adopt(Log.Head);

        Connect().Cursors.Should().BeEmpty();

        Handled.By(_queue).Should().Equal($"{Alice} lost");
        _queue.Cursors.Should().Equal(new Dictionary<string, string> { [Alice] = Log.Head });
    }

    [Theory]
    [InlineData(65_536 / 256, true)]
    [InlineData((65_536 / 256) + 30, false)]
    public void Cursors_are_sent_of_addresses_as_long_together_as_a_connection_s_and_no_longer(int groups, bool areSent)
    {
        foreach (var group in Enumerable.Range(0, groups))
        {
            _readers.Of($"group:{group}".PadRight(6 + 256, 'ü')).Adopt("1-1");
        }

        Connect().Cursors.Should().HaveCount(areSent ? groups : 0);
    }

    [Fact]
    public void A_group_that_was_joined_since_begins_with_its_first_message()
    {
        Connect();

        Receive(_hub[Room].Publish("1"), _hub[Room].Publish("2"));

        Handled.By(_queue).Should().Equal($"{Room} 1", $"{Room} 2");
        _readers.AnyIsBehind.Should().BeFalse();
    }

    [Fact]
    public void A_head_that_differs_is_resumed_and_an_unknown_one_adopted()
    {
        Connect();
        Reader.Compare(Log.Head);
        _readers.Of(Room).Compare(_hub[Room].Head);
        _readers.AnyIsBehind.Should().BeFalse();

        Log.Publish("missed");
        Reader.Compare(Log.Head);
        Receive(_hub[Room].Publish("1"));
        Resume();

        Handled.By(_queue).Should().Equal($"{Room} 1", $"{Alice} missed");
    }

    [Fact]
    public void A_head_that_is_told_during_a_call_is_compared_after_it()
    {
        Connect();
        FallBehind();
        var answer = _hub.Answer(_readers.BeginCall(ResumeFrom.Head));
        Log.Publish("missed");

        Reader.Compare(Log.Head);
        _readers.Take(answer);
        _readers.AnyIsBehind.Should().BeTrue();
        Resume();

        Handled.By(_queue).Should().Equal($"{Alice} missing", $"{Alice} seen", $"{Alice} missed");
    }

    [Fact]
    public void A_cursor_from_elsewhere_counts_only_where_there_is_none()
    {
        var cursor = Log.Head;
        Log.Publish("1");
        Reader.Adopt(cursor);
        Reader.Adopt(Log.Head);

        Connect();

        Handled.By(_queue).Should().Equal($"{Alice} 1");
    }

    [Fact]
    public void More_than_a_thousand_messages_during_a_call_cost_one_more_and_none_is_missing()
    {
        Connect();
        FallBehind();
        var answer = _hub.Answer(_readers.BeginCall(ResumeFrom.Head));
        Receive([.. Enumerable.Range(0, HeldMessages.Capacity + 1).Select(_ => Log.Publish("m"))]);

        _readers.Take(answer);
        _readers.AnyIsBehind.Should().BeTrue();
        Resume();

        Handled.By(_queue).Should().HaveCount(2 + HeldMessages.Capacity + 1);
    }

    [Fact]
    public void What_the_queue_has_no_room_for_stays_with_the_hub_until_it_has()
    {
        Connect();
        Receive([.. Enumerable.Range(0, HandlingQueue.Capacity + 10).Select(_ => Log.Publish("m"))]);
        _queue.HasRoom.Should().BeFalse();
        _readers.AnyIsBehind.Should().BeTrue();

        var before = Handled.By(_queue);
        Resume();

        before.Concat(Handled.By(_queue)).Should().HaveCount(HandlingQueue.Capacity + 10);
    }

    [Fact]
    public void A_transient_message_that_the_queue_has_no_room_for_is_gone_and_asks_for_nothing()
    {
        Connect();
        Handled.By(_queue).Should().BeEmpty();
        Receive([.. Enumerable.Range(0, HandlingQueue.Capacity).Select(_ => Log.Publish("m"))]);

        Receive(Log.PublishTransient("typing"));

        Handled.By(_queue).Should().HaveCount(HandlingQueue.Capacity).And.NotContain($"{Alice} typing");
        _readers.AnyIsBehind.Should().BeFalse();
    }

    private ResumeRequest Connect(ResumeFrom from = ResumeFrom.Head)
    {
        _readers.BeginConnection();
        return ResumeAll(from)[0];
    }

    private ResumeRequest Resume() => ResumeAll(ResumeFrom.Head).Should().ContainSingle().Subject;

    private List<ResumeRequest> ResumeAll(ResumeFrom from)
    {
        var calls = new List<ResumeRequest>();
        do
        {
            calls.Add(_readers.BeginCall(from));
        }
        while (!_readers.Take(_hub.Answer(calls[^1])));
        return calls;
    }

    private void Receive(params PushMessage[] messages)
    {
        foreach (var message in messages)
        {
            _readers.Of(message.Address).Receive(message);
        }
    }

    private void FallBehind()
    {
        Log.Publish("missing");
        Receive(Log.Publish("seen"));
    }
}
