using RealtimeHub.Client;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Tests.Client;

public sealed class LogReadersConnectionTests : ReadLogs
{
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

        Handled.By(Queue).Should().Equal($"{Alice} after");
    }

    [Fact]
    public void From_what_is_retained_all_of_it_is_handled()
    {
        Log.Publish("before");
        Connect(ResumeFrom.Retained);
        Receive(Log.Publish("after"));

        Handled.By(Queue).Should().Equal($"{Alice} before", $"{Alice} after");
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

        Handled.By(Queue).Should().Equal($"{Alice} 1", $"{Alice} 2", $"{Alice} 3", $"{Alice} 4");
    }

    [Fact]
    public void A_cursor_from_elsewhere_counts_only_where_there_is_none()
    {
        var cursor = Log.Head;
        Log.Publish("1");
        Reader.Adopt(cursor);
        Reader.Adopt(Log.Head);

        Connect();

        Handled.By(Queue).Should().Equal($"{Alice} 1");
    }

    [Fact]
    public void As_many_cursors_are_sent_as_a_connection_has_addresses_and_no_more()
    {
        foreach (var group in Enumerable.Range(0, CursorRules.MaxCursors))
        {
            Readers.Of($"group:{group}").Adopt("1-1");
        }

        Readers.BeginConnection();
        Readers.BeginCall(ResumeFrom.Head).Cursors.Should().HaveCount(1_002);
        Reader.Adopt(Log.Head);

        Connect().Cursors.Should().BeEmpty();

        Handled.By(Queue).Should().Equal($"{Alice} lost");
        Queue.Cursors.Should().Equal(new Dictionary<string, string> { [Alice] = Log.Head });
    }

    [Theory]
    [InlineData(65_536 / 256, true)]
    [InlineData((65_536 / 256) + 30, false)]
    public void Cursors_are_sent_of_addresses_as_long_together_as_a_connection_s_and_no_longer(int groups, bool areSent)
    {
        foreach (var group in Enumerable.Range(0, groups))
        {
            Readers.Of($"group:{group}".PadRight(6 + 256, 'ü')).Adopt("1-1");
        }

        Connect().Cursors.Should().HaveCount(areSent ? groups : 0);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void The_longest_that_they_may_be_together_is_the_limit_itself(int more, bool areSent)
    {
        var left = CursorRules.MaxCharacters + more;
        for (var group = 0; left > 0; group++)
        {
            var length = left < 512 ? left : 256;
            Readers.Of($"group:{group}".PadRight(length, 'ü')).Adopt("1-1");
            left -= length;
        }

        (Connect().Cursors.Count > 0).Should().Be(areSent);
    }

    [Fact]
    public void An_address_that_is_refused_is_forgotten()
    {
        Connect();
        Receive(Log.Publish("1"));
        Hub.Own.Remove(Alice);

        Connect();

        Handled.By(Queue).Should().Equal($"{Alice} 1");
        Queue.Cursors.Should().NotContainKey(Alice);
        Connect().Cursors.Should().BeEmpty();
        Hub.Own.Add(Alice);
        Connect();
        Handled.By(Queue).Should().BeEmpty("what was refused is no loss when it is allowed again");
    }

    [Fact]
    public void An_answer_that_refuses_nothing_may_leave_that_out()
    {
        Readers.BeginConnection();
        Readers.BeginCall(ResumeFrom.Head);

        Readers.Take(new ResumeAnswer(new Dictionary<string, ResumedAddress>(), Refused: null!, More: false)).Should().BeTrue();
    }

    [Fact]
    public void What_a_broken_connection_has_asked_for_is_not_asked_for_on_the_next_if_nothing_is_missing_there()
    {
        Hub.Own.Add(Room);
        Connect();
        var position = Hub[Room].Head;
        Readers.BeginConnection();
        Readers.BeginCall(ResumeFrom.Head);

        Readers.BeginConnection();
        Readers.BeginAt(new Dictionary<string, string> { [Alice] = Log.Head, [Room] = position }, ResumeFrom.Head);
        Hub[Room].Publish("missing");
        Receive(Hub[Room].Publish("seen"));

        Readers.BeginCall(ResumeFrom.Head).Cursors.Should().Equal(new Dictionary<string, string> { [Room] = position });
    }

    [Fact]
    public void A_group_of_which_a_message_comes_before_the_first_call_is_asked_for_with_it()
    {
        Hub.Own.Add(Room);
        Hub[Room].Publish("before");
        Readers.BeginConnection();

        Receive(Hub[Room].Publish("live"));
        Handled.By(Queue).Should().BeEmpty();
        ResumeAll(ResumeFrom.Retained);

        Handled.By(Queue).Should().Equal($"{Room} before", $"{Room} live");
    }

    [Fact]
    public void A_group_of_which_the_first_message_comes_during_the_first_call_goes_on_after_it()
    {
        Readers.BeginConnection();
        var answer = Hub.Answer(Readers.BeginCall(ResumeFrom.Head));

        Receive(Hub[Room].Publish("joined meanwhile"));
        Handled.By(Queue).Should().BeEmpty();
        Readers.Take(answer);

        Handled.By(Queue).Should().Equal($"{Room} joined meanwhile");
    }
}
