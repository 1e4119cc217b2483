using RealtimeHub.Client;

namespace RealtimeHub.Tests.Client;

public sealed class LogReadersHeadTests : ReadLogs
{
    [Fact]
    public void A_head_that_differs_is_resumed_and_an_unknown_one_adopted()
    {
        Connect();
        Reader.Compare(Log.Head);
        Readers.Of(Room).Compare(Hub[Room].Head);
        Readers.AnyIsBehind.Should().BeFalse();

        Log.Publish("missed");
        Reader.Compare(Log.Head);
        Receive(Hub[Room].Publish("1"));
        Resume();

        Handled.By(Queue).Should().Equal($"{Room} 1", $"{Alice} missed");
    }

    [Fact]
    public void After_a_head_that_was_adopted_a_gap_is_seen()
    {
        Connect();
        Readers.Of(Room).Compare(Hub[Room].Head);
        Hub[Room].Publish("missed");

        Receive(Hub[Room].Publish("seen"));

        Readers.AnyIsBehind.Should().BeTrue();
    }

    [Fact]
    public void Heads_that_differ_twice_are_resumed_all_the_same()
    {
        Connect();
        Log.Publish("missed");
        Reader.Compare(Log.Head);
        Log.Publish("missed too");
        Reader.Compare(Log.Head);

        Readers.AnyIsBehind.Should().BeTrue();
        Resume();
        Handled.By(Queue).Should().Equal($"{Alice} missed", $"{Alice} missed too");
    }

    [Fact]
    public void A_head_that_is_told_during_a_call_is_compared_after_it()
    {
        Connect();
        FallBehind();
        var answer = Hub.Answer(Readers.BeginCall(ResumeFrom.Head));
        Log.Publish("missed");

        Reader.Compare(Log.Head);
        Readers.Take(answer);
        Readers.AnyIsBehind.Should().BeTrue();
        Resume();

        Handled.By(Queue).Should().Equal($"{Alice} missing", $"{Alice} seen", $"{Alice} missed");
    }
}
