using RealtimeHub.Client;
using RealtimeHub.Client.Connecting;
using RealtimeHub.Client.Handling;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Tests.Client;

public sealed class MailboxTurnTests
{
    private const string Alice = "user:alice";

    private readonly FakeLog _log = new(Alice);
    private readonly HandlingQueue _queue = new(new Dictionary<string, string>());
    private readonly Mailbox _mailbox;
    private readonly MailboxTurn _turn;

    public MailboxTurnTests()
    {
        _mailbox = new Mailbox(_queue, ResumeFrom.Head, new Dictionary<string, string>(), _ => false);
        _turn = new MailboxTurn(_mailbox);
    }

    [Fact]
    public async Task Heads_that_come_before_its_turn_are_taken_when_it_has_it()
    {
        _turn.ExpectHeads();
        var heads = _turn.TakeHeadsAsync(new Dictionary<string, string> { [Alice] = _log.Head, ["everyone"] = "1-1" });
        heads.IsCompleted.Should().BeFalse();

        _turn.TakeOver();
        await _mailbox.HeadsAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        _mailbox.AnyIsBehind.Should().BeFalse("the heads of the new connection came with it");
        await heads;
        await _turn.ReceiveAsync(_log.Publish("next"));
        Handled.By(_queue).Should().Equal($"{Alice} next");
    }

    [Fact]
    public async Task A_message_that_comes_before_its_turn_is_taken_when_it_has_it()
    {
        var receiving = _turn.ReceiveAsync(_log.PublishTransient("early"));
        receiving.IsCompleted.Should().BeFalse();

        _turn.TakeOver();

        await receiving;
        Handled.By(_queue).Should().Equal($"{Alice} early");
    }

    [Fact]
    public async Task After_its_turn_only_transient_messages_are_taken()
    {
        await HasTurnAsync(_turn);
        var next = new MailboxTurn(_mailbox);

        _turn.Leave();
        await HasTurnAsync(next);
        var both = _log.Publish("on both");
        await _turn.ReceiveAsync(both);
        await _turn.ReceiveAsync(_log.PublishTransient("typing"));
        await next.ReceiveAsync(both);

        Handled.By(_queue).Should().Equal($"{Alice} typing", $"{Alice} on both");
    }

    [Fact]
    public async Task After_its_turn_its_heads_mean_nothing()
    {
        await HasTurnAsync(_turn);
        var next = new MailboxTurn(_mailbox);
        _turn.ExpectHeads();

        _turn.Leave();
        next.TakeOver();
        await _turn.TakeHeadsAsync(new Dictionary<string, string> { [Alice] = "1-1", ["everyone"] = "1-1" });
        _turn.ExpectHeads();

        await _mailbox.HeadsAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        _mailbox.AnyIsBehind.Should().BeTrue("the new connection is still to be told its own heads, or to ask");
    }

    [Fact]
    public async Task Nothing_waits_for_a_turn_that_never_comes()
    {
        var receiving = _turn.ReceiveAsync(_log.Publish("in vain"));
        var heads = _turn.TakeHeadsAsync(new Dictionary<string, string> { [Alice] = _log.Head });

        _turn.Leave();

        await Task.WhenAll(receiving, heads).WaitAsync(TimeSpan.FromSeconds(30));
        Handled.By(_queue).Should().BeEmpty();
    }

    private async Task HasTurnAsync(MailboxTurn turn)
    {
        turn.TakeOver();
        await turn.TakeHeadsAsync(new Dictionary<string, string> { [Alice] = _log.Head, ["everyone"] = "1-1" });
    }
}
