using RealtimeHub.Resuming;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Resuming;

public sealed class ResumePageTests
{
    private static readonly Address Alice = Address.User("alice");

    private readonly ResumePage _page = new();

    [Fact]
    public void An_empty_page_surely_has_room_for_the_largest_message() => _page.Room.Should().BeGreaterThan(PayloadRule.MostBytes);

    [Fact]
    public void The_first_address_is_on_it_whatever_its_size_so_that_each_call_gets_further()
    {
        _page.TryAdd(Alice, Of(bytes: 300_000)).Should().BeTrue();

        _page.TryAdd(Address.Everyone, Of(bytes: 0)).Should().BeFalse();
        _page.Room.Should().Be(0);
    }

    private static LogPage Of(int bytes) =>
        new(Recovered: true, new Cursor(1, 1), [new RoutedMessage(Alice, new Cursor(1, 1), After: null, new byte[bytes])], More: false);
}
