using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

public sealed class LastPublishedTests
{
    private static readonly Address Alice = Address.User("alice");

    private readonly FakeTimeProvider _time = new();
    private readonly LastPublished _last;

    public LastPublishedTests() => _last = new LastPublished(_time);

    [Fact]
    public void Of_answers_that_overtake_each_other_the_latest_id_stays()
    {
        _last.Remember(Alice, shown: null, Id(2));
        _last.Remember(Alice, shown: null, Id(1));

        _last.LastAt(Alice).Should().Be(Id(2));
    }

    [Fact]
    public void What_Redis_answers_to_who_has_shown_the_last_id_replaces_it_even_if_its_offset_is_lower()
    {
        _last.Remember(Alice, shown: null, Id(9));

        _last.Remember(Alice, shown: Id(9), Id(3));

        _last.LastAt(Alice).Should().Be(Id(3), "a Redis that has lost its last writes goes on from an earlier one");
    }

    [Fact]
    public void An_answer_to_an_id_that_is_no_longer_the_last_does_not_take_it_back()
    {
        _last.Remember(Alice, shown: null, Id(9));
        _last.Remember(Alice, shown: Id(9), Id(3));

        _last.Remember(Alice, shown: Id(9), Id(2));

        _last.LastAt(Alice).Should().Be(Id(3));
    }

    [Fact]
    public void It_is_forgotten_after_a_minute_when_something_else_is_published()
    {
        _last.Remember(Alice, shown: null, Id(1));
        _time.Advance(TimeSpan.FromSeconds(61));

        _last.Remember(Address.Everyone, shown: null, Id(1));

        _last.LastAt(Alice).Should().BeNull();
        _last.LastAt(Address.Everyone).Should().Be(Id(1));
    }

    [Fact]
    public void It_is_forgotten_when_the_minute_is_over_and_not_before()
    {
        _last.Remember(Alice, shown: null, Id(1));
        _time.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        _last.Remember(Address.Everyone, shown: null, Id(1));
        _last.LastAt(Alice).Should().Be(Id(1));

        _time.Advance(TimeSpan.FromTicks(1));
        _last.Remember(Address.Everyone, shown: null, Id(2));

        _last.LastAt(Alice).Should().BeNull();
    }

    private static Cursor Id(ulong offset) => new(offset, offset);
}
