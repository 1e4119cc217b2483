using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Tests.Client;

public sealed class HeldMessagesTests
{
    private readonly HeldMessages _held = new();

    [Fact]
    public void A_thousand_messages_are_held()
    {
        Add(HeldMessages.Capacity);

        _held.IsUseless.Should().BeFalse();
        _held.TakeAll().Should().HaveCount(1_000);
    }

    [Fact]
    public void Of_more_the_last_thousand_are_held_and_the_hub_is_to_be_asked_again()
    {
        Add(HeldMessages.Capacity + 1);

        _held.IsUseless.Should().BeTrue();
        _held.TakeAll().Select(message => message.Id).Should().Equal(Enumerable.Range(1, HeldMessages.Capacity).Select(number => $"1-{number}"));
    }

    [Fact]
    public void A_call_begins_with_nothing_held()
    {
        Add(HeldMessages.Capacity + 1);
        _held.MarkStale();

        _held.BeginCall();

        _held.IsUseless.Should().BeFalse();
        _held.TakeAll().Should().BeEmpty();
    }

    private void Add(int count)
    {
        for (var number = 0; number < count; number++)
        {
            _held.Add(new Envelope("user:alice", $"1-{number}", "1-0", IsTransient: false, Message: null));
        }
    }
}
