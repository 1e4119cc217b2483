using RealtimeHub.Client;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Tests.Client;

public sealed class LogReadersCallTests : ReadLogs
{
    [Fact]
    public void What_comes_while_a_call_is_under_way_is_looked_at_afterwards()
    {
        Connect();
        FallBehind();
        var request = Readers.BeginCall(ResumeFrom.Head);
        var inAnswer = Log.Publish("in the answer too");
        var answer = Hub.Answer(request);
        var next = Log.Publish("next");

        Receive(inAnswer, next);
        Handled.By(Queue).Should().BeEmpty();
        Readers.Take(answer);

        Handled.By(Queue).Should().Equal($"{Alice} missing", $"{Alice} seen", $"{Alice} in the answer too", $"{Alice} next");
        Readers.AnyIsBehind.Should().BeFalse();
    }

    [Fact]
    public void A_gap_among_what_came_during_a_call_costs_one_more()
    {
        Connect();
        FallBehind();
        var answer = Hub.Answer(Readers.BeginCall(ResumeFrom.Head));
        Log.Publish("also missing");
        Receive(Log.Publish("late"));

        Readers.Take(answer);
        Readers.AnyIsBehind.Should().BeTrue();
        Resume();

        Handled.By(Queue).Should().Equal($"{Alice} missing", $"{Alice} seen", $"{Alice} also missing", $"{Alice} late");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_address_goes_on_while_a_call_is_under_way_whether_it_is_known_or_new(bool isKnown)
    {
        if (isKnown)
        {
            Hub.Own.Add(Room);
        }

        Connect();
        FallBehind();
        Readers.BeginCall(ResumeFrom.Head);

        Receive(Hub[Room].Publish("hello"));

        Handled.By(Queue).Should().Equal($"{Room} hello");
    }

    [Fact]
    public void What_comes_between_two_pages_is_in_the_second_and_costs_no_further_call()
    {
        Connect();
        FallBehind();
        Hub.Room = 1;
        var first = Hub.Answer(Readers.BeginCall(ResumeFrom.Head));
        Receive([.. Enumerable.Range(0, 400).Select(_ => Log.Publish("m"))]);
        Readers.Take(first).Should().BeFalse();

        Hub.Room = int.MaxValue;
        Readers.Take(Hub.Answer(Readers.BeginCall(ResumeFrom.Head))).Should().BeTrue();

        Handled.By(Queue).Should().HaveCount(402);
        Readers.AnyIsBehind.Should().BeFalse();
    }

    [Fact]
    public void Transient_messages_that_come_during_a_call_are_handled_at_once()
    {
        Connect();
        FallBehind();
        var answer = Hub.Answer(Readers.BeginCall(ResumeFrom.Head));

        Receive(Log.PublishTransient("typing"));
        Readers.Take(answer);

        Handled.By(Queue).Should().Equal($"{Alice} typing", $"{Alice} missing", $"{Alice} seen");
    }

    [Fact]
    public void Pages_are_asked_for_until_the_last()
    {
        Hub.Own.Add(Room);
        Connect();
        for (var number = 0; number < 5; number++)
        {
            Log.Publish("a");
            Hub[Room].Publish("r");
        }

        Hub.Room = 3;
        Readers.BeginConnection();
        var calls = ResumeAll(ResumeFrom.Head);

        calls.Should().HaveCount(4).And.OnlyContain(call => call.From == ResumeFrom.Head && call.Cursors.Count == 2);
        Handled.By(Queue).Should().HaveCount(10).And.BeInDescendingOrder("the messages of each address stay together")
            .And.NotContain(word => word.EndsWith("lost"));
    }

    [Fact]
    public void More_than_a_thousand_messages_during_a_call_cost_one_more_and_none_is_missing()
    {
        Connect();
        FallBehind();
        var answer = Hub.Answer(Readers.BeginCall(ResumeFrom.Head));
        Receive([.. Enumerable.Range(0, HeldMessages.Capacity + 1).Select(_ => Log.Publish("m"))]);

        Readers.Take(answer);
        Readers.AnyIsBehind.Should().BeTrue();
        Resume();

        Handled.By(Queue).Should().HaveCount(2 + HeldMessages.Capacity + 1);
    }
}
