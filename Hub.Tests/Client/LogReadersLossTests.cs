using RealtimeHub.Client;

namespace RealtimeHub.Tests.Client;

public sealed class LogReadersLossTests : ReadLogs
{
    [Fact]
    public void A_loss_is_announced_before_what_is_left()
    {
        Connect();
        Log.Publish("1");
        Log.Publish("2");
        Log.Publish("3");
        Log.Trim(1);

        Connect();

        Handled.By(Queue).Should().Equal($"{Alice} lost", $"{Alice} 3");
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

        Handled.By(Queue).Should().Equal($"{Alice} 1", $"{Alice} 2", $"{Alice} 3", $"{Alice} lost", $"{Alice} 4");
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
        Handled.By(Queue).Should().Equal($"{Alice} 1", $"{Alice} 2", $"{Alice} lost");
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
        var answer = Hub.Answer(Readers.BeginCall(ResumeFrom.Head));
        Receive(late);

        Readers.Take(answer);
        Readers.AnyIsBehind.Should().BeTrue();
        Resume();

        Handled.By(Queue).Should().Equal($"{Alice} 1", $"{Alice} 2", $"{Alice} lost");
    }
}
