using Microsoft.Extensions.Logging.Abstractions;
using RealtimeHub.Client;
using RealtimeHub.Client.Handling;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Tests.Client;

public sealed class MailboxTests
{
    private const string Alice = "user:alice";

    private static readonly Dictionary<string, string> Heads = new() { [Alice] = "1-1", ["everyone"] = "1-2" };

    private readonly HandlingQueue _queue = new(new Dictionary<string, string>());
    private readonly Mailbox _mailbox;
    private readonly Resumer _resumer;

    public MailboxTests()
    {
        _mailbox = new Mailbox(_queue, ResumeFrom.Head, _queue.Positions, _ => false);
        _resumer = new Resumer(_mailbox, _queue, new AnswerTimeout(TimeProvider.System), NullLogger.Instance);
        _mailbox.BeginConnection();
    }

    [Fact]
    public async Task Heads_that_have_come_over_the_wire_are_waited_for_until_they_are_told()
    {
        _mailbox.ExpectHeads();
        var told = _mailbox.HeadsAsync(CancellationToken.None);
        told.IsCompleted.Should().BeFalse();

        _mailbox.TakeHeads(Heads);

        await told.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Where_nothing_is_missing_by_the_heads_that_come_the_hub_is_asked_nothing()
    {
        _mailbox.ExpectHeads();
        var begun = _resumer.BeginAsync((_, _) => throw new InvalidOperationException("The hub was asked."), CancellationToken.None);

        _mailbox.TakeHeads(Heads);

        await begun.WaitAsync(TimeSpan.FromSeconds(30));
        _mailbox.AnyIsBehind.Should().BeFalse();
    }

    [Fact]
    public void Once_it_is_closed_nothing_more_is_taken()
    {
        _mailbox.TakeHeads(Heads);
        _mailbox.Close();

        _mailbox.Receive(new FakeLog(Alice).PublishTransient());

        Handled.By(_queue).Should().BeEmpty();
        _mailbox.Take(new ResumeAnswer(new Dictionary<string, ResumedAddress> { [Alice] = new(Recovered: false, "1-9", []) }, [], More: true))
            .Should().BeTrue("there is nothing left to ask for");
        Handled.By(_queue).Should().BeEmpty();
    }
}
