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
