using RealtimeHub.Delivery;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Delivery;

public sealed class LocalAddressTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(51);

    private readonly ClientConnection _alice = new PipedConnection("first").Client;
    private readonly ClientConnection _again = new PipedConnection("second").Client;
    private readonly List<(ClientConnection Member, string What)> _delivered = [];
    private LocalAddress _local = null!;

    public LocalAddressTests() => Begin();

    [Fact]
    public void What_comes_by_two_ways_at_once_is_delivered_once_and_in_its_order()
    {
        var orders = Interleavings.Play(() =>
        {
            Begin();
            return new Scene([Way(1, 2, 3), Way(1, 2, 3)], () =>
            {
                DeliveredTo(_alice).Should().Equal("1", "2", "3");
                _local.Head.Should().Be(Id(3));
            });
        });

        orders.Should().BeGreaterThan(20);
    }

    [Theory]
    [InlineData(new[] { 1, 3 }, new[] { 2, 4 })]
    [InlineData(new[] { 1, 2 }, new[] { 3, 4 })]
    [InlineData(new[] { 3, 4 }, new[] { 1, 2 })]
    [InlineData(new[] { 2, 1 }, new[] { 4, 3 })]
    [InlineData(new[] { 4, 3 }, new[] { 2, 1 })]
    [InlineData(new[] { 1, 2, 4 }, new[] { 3 })]
    [InlineData(new[] { 1, 2, 3, 4 }, new[] { 4 })]
    public void What_comes_by_either_of_two_ways_is_delivered_once_and_in_its_order(int[] oneWay, int[] theOther)
    {
        Interleavings.Play(() =>
        {
            Begin();
            return new Scene([Way(oneWay), Way(theOther)], () => DeliveredTo(_alice).Should().Equal("1", "2", "3", "4"));
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(2, 3)]
    [InlineData(1, 4)]
    [InlineData(2, 4)]
    public void What_the_node_publishes_itself_is_delivered_once_and_in_its_order_whether_it_or_the_channel_is_first(params int[] own)
    {
        Interleavings.Play(() =>
        {
            Begin();
            return new Scene([Way(own), Way(1, 2, 3, 4)], () =>
            {
                DeliveredTo(_alice).Should().Equal("1", "2", "3", "4");
                _local.Head.Should().Be(Id(4));
                _local.TryTakeDue(Now).Should().BeFalse("nothing was missed");
            });
        });
    }

    [Fact]
    public async Task Two_threads_that_bring_the_same_messages_deliver_each_once_and_in_its_order_however_far_one_is_behind()
    {
        const int Count = 20_000;
        await Task.WhenAll(Task.Run(Bring), Task.Run(Bring));

        DeliveredTo(_alice).Should().Equal(Enumerable.Range(1, Count).Select(number => $"{number}"));

        void Bring() => Observe([.. Enumerable.Range(1, Count).Select(Message)]);
    }

    [Fact]
    public void An_own_message_whose_predecessor_never_comes_by_the_channel_is_delivered_after_the_gap_and_the_head_is_looked_up()
    {
        Observe(Message(1), Message(3));
        var later = Now + MessageOrder.HoldTime;

        _local.TryTakeDue(later).Should().BeTrue();
        Finish(_local.Release(later));

        DeliveredTo(_alice).Should().Equal("1", "gap 2", "3");
    }

    [Fact]
    public void What_comes_late_after_its_gap_was_told_is_delivered_once_and_the_head_stays_where_it_is()
    {
        Observe(Message(1), Message(3));
        Finish(_local.Release(Now + MessageOrder.HoldTime));

        Observe(Message(2), Message(2));
        _local.Head.Should().Be(Id(3));
        Observe(Message(4));

        DeliveredTo(_alice).Should().Equal("1", "gap 2", "3", "2", "4");
    }

    [Fact]
    public void A_gap_entry_that_comes_late_does_not_move_the_head_back()
    {
        Observe(Message(1), Message(3));
        Finish(_local.Release(Now + MessageOrder.HoldTime));
        Observe(Message(4));

        Observe(RoutedMessage.Gap(Address.Everyone, Id(2)), Message(5));

        DeliveredTo(_alice).Should().Equal("1", "gap 2", "3", "4", "gap 2", "5");
        _local.Head.Should().Be(Id(5));
    }

    [Fact]
    public void A_gap_that_Redis_has_told_as_the_head_is_not_told_again_when_its_entry_comes()
    {
        Finish(_local.Reconcile(Id(2), Id(0), Now));

        Observe(RoutedMessage.Gap(Address.Everyone, Id(2)), Message(3));

        DeliveredTo(_alice).Should().Equal("gap 2", "3");
    }

    [Fact]
    public void What_comes_again_when_its_id_is_long_forgotten_is_dropped_and_the_head_is_looked_up()
    {
        Observe([.. Enumerable.Range(1, MessageOrder.MaxRemembered + 1).Select(Message)]);
        _local.TryTakeDue(Now).Should().BeFalse();
        _delivered.Clear();

        Observe(Message(1), Message(2));

        _delivered.Should().BeEmpty();
        _local.TryTakeDue(Now).Should().BeTrue();
    }

    [Fact]
    public void A_log_that_has_lost_more_than_the_node_remembers_is_looked_up_and_goes_on_from_there()
    {
        Observe([.. Enumerable.Range(1, MessageOrder.MaxRemembered + 9).Select(Message)]);
        var head = _local.Head;
        _delivered.Clear();
        var (again, gap) = (new Cursor(5, 77), new Cursor(6, 77));

        Observe(Message(5) with { Id = again });
        _local.TryTakeDue(Now).Should().BeTrue();
        Finish(_local.Reconcile(gap, head, Now));
        Observe(Message(7) with { After = gap }, Message(8));

        DeliveredTo(_alice).Should().Equal("gap 6", "7", "8");
    }

    [Fact]
    public void Who_joins_gets_all_that_comes_after_the_head_that_it_was_told_whatever_happens_at_once()
    {
        Interleavings.Play(() =>
        {
            Begin(members: []);
            var (published, toldFirst, toldSecond) = (0, 0, 0);
            return new Scene([Publisher(), Way(
                () => published, 1), Join(_alice, told => toldFirst = told), Join(_again, told => toldSecond = told)], () =>
            {
                DeliveredTo(_alice).Count(what => what == "1").Should().BeInRange(1 - toldFirst, 1);
                DeliveredTo(_again).Count(what => what == "1").Should().BeInRange(1 - toldSecond, 1);
            });

            IEnumerable<Func<bool>> Publisher()
            {
                published = 1;
                yield break;
            }

            IEnumerable<Func<bool>> Join(ClientConnection member, Action<int> tell)
            {
                _local.TryAdd(member);
                var known = _local.Head;
                yield return Interleavings.AtOnce;
                var head = Id(published);
                yield return Interleavings.AtOnce;
                foreach (var step in Deliver(_local.Reconcile(head, known, Now)))
                {
                    yield return step;
                }

                // It resumes from the head.
                tell((int)_local.Head!.Value.Offset);
            }
        });
    }

    [Fact]
    public void A_mark_is_never_lost_wherever_it_falls()
    {
        Interleavings.Play(() =>
        {
            Begin();
            var published = 0;
            return new Scene([Loss(), Check()], () => (_local.Head == Id(published) || _local.TryTakeDue(Now)).Should().BeTrue("what has passed by is seen, or looked for"));

            IEnumerable<Func<bool>> Loss()
            {
                published = 1;
                yield return Interleavings.AtOnce;
                _local.MarkStale(Now, TimeSpan.Zero);
                yield return Interleavings.AtOnce;
                published = 2;
                yield return Interleavings.AtOnce;
                _local.MarkStale(Now, TimeSpan.Zero);
            }

            IEnumerable<Func<bool>> Check()
            {
                for (var turn = 0; turn < 2; turn++)
                {
                    if (!_local.TryTakeDue(Now))
                    {
                        continue;
                    }

                    yield return Interleavings.AtOnce;
                    var known = _local.Head;
                    yield return Interleavings.AtOnce;
                    var head = Id(published);
                    yield return Interleavings.AtOnce;
                    foreach (var step in Deliver(_local.Reconcile(head, known, Now)))
                    {
                        yield return step;
                    }
                }
            }
        });
    }

    [Fact]
    public void What_comes_while_something_is_delivered_is_left_to_who_delivers()
    {
        var first = _local.Observe(Message(1), Now);

        _local.Observe(Message(2), Now).Should().BeNull();

        first!.Value.Message.Id.Should().Be(Id(1));
        _local.Next()!.Value.Message.Id.Should().Be(Id(2));
        _local.Next().Should().BeNull();
        _local.Observe(Message(3), Now).Should().NotBeNull();
    }

    [Fact]
    public void What_is_early_is_held_for_a_quarter_of_a_second_and_then_a_gap_is_told_and_the_head_looked_up()
    {
        Observe(Message(2), Message(4));
        _delivered.Should().BeEmpty();

        _local.TryTakeDue(Now + TimeSpan.FromMilliseconds(249)).Should().BeFalse();
        _local.TryTakeDue(Now + TimeSpan.FromMilliseconds(250)).Should().BeTrue();
        Finish(_local.Release(Now + TimeSpan.FromMilliseconds(250)));

        DeliveredTo(_alice).Should().Equal("gap 1", "2", "gap 3", "4");
        _local.Head.Should().Be(Id(4));
        _local.TryTakeDue(Now + TimeSpan.FromMilliseconds(250)).Should().BeFalse("one look is enough");
    }

    [Fact]
    public void What_comes_after_something_was_held_for_too_long_does_not_overtake_it()
    {
        Observe(Message(2));
        _local.TryTakeDue(Now + TimeSpan.FromSeconds(1)).Should().BeTrue();

        Observe(Message(3));

        DeliveredTo(_alice).Should().Equal("gap 1", "2", "3");
    }

    [Fact]
    public void Sixty_four_messages_are_held_and_no_more()
    {
        Observe([.. Enumerable.Range(2, 64).Select(Message)]);
        _delivered.Should().BeEmpty();

        Observe(Message(66));

        DeliveredTo(_alice).Should().Equal([.. Enumerable.Range(2, 65).Select(number => $"{number}").Prepend("gap 1")]);
        _local.TryTakeDue(Now).Should().BeTrue();
    }

    [Fact]
    public void What_is_held_is_held_once_and_anew_after_each_step_forward()
    {
        Observe(Message(4), Message(2), Message(4));
        var later = Now + TimeSpan.FromMilliseconds(200);

        Finish(_local.Observe(Message(1), later));
        DeliveredTo(_alice).Should().Equal("1", "2");

        Finish(_local.Release(Now + TimeSpan.FromMilliseconds(300)));
        DeliveredTo(_alice).Should().Equal("1", "2");
        Finish(_local.Observe(Message(3), Now + TimeSpan.FromMilliseconds(300)));
        DeliveredTo(_alice).Should().Equal("1", "2", "3", "4");
    }

    [Fact]
    public void A_head_that_Redis_tells_lets_go_of_what_is_held_up_to_it_and_what_follows()
    {
        Observe(Message(2), Message(4));

        Finish(_local.Reconcile(Id(3), Id(0), Now));

        DeliveredTo(_alice).Should().Equal("gap 3", "2", "4");
        _local.Head.Should().Be(Id(4));
    }

    [Fact]
    public void A_message_that_is_on_its_way_when_Redis_tells_its_id_is_delivered()
    {
        Finish(_local.Reconcile(Id(1), Id(0), Now));

        Observe(Message(1), Message(2), Message(1));

        DeliveredTo(_alice).Should().Equal("gap 1", "1", "2");
    }

    [Fact]
    public void An_answer_that_is_older_than_what_has_come_since_changes_nothing()
    {
        Observe(Message(1));

        Finish(_local.Reconcile(Id(0), Id(0), Now));
        Finish(_local.Reconcile(Id(2), Id(0), Now));

        _local.Head.Should().Be(Id(1));
        DeliveredTo(_alice).Should().Equal("1");
    }

    [Fact]
    public void A_log_that_has_lost_what_was_delivered_goes_on_and_is_looked_at()
    {
        Observe(Message(1), Message(2));
        var another = new Cursor(2, 77);

        Observe(Message(2) with { Id = another }, Message(3) with { After = another });

        DeliveredTo(_alice).Should().Equal("1", "2", "2", "3");
        _local.Head.Should().Be(Id(3));
        _local.TryTakeDue(Now).Should().BeTrue();
    }

    [Fact]
    public void A_gap_entry_is_told_at_once_and_what_follows_it_as_ever()
    {
        Observe(Message(1), Message(2));
        var gap = new Cursor(2, 77);

        Observe(RoutedMessage.Gap(Address.Everyone, gap), new RoutedMessage(Address.Everyone, Id(3), gap, "}"u8.ToArray()));
        Observe(RoutedMessage.Gap(Address.Everyone, gap));

        DeliveredTo(_alice).Should().Equal("1", "2", "gap 2", "3");
    }

    [Fact]
    public void A_transient_message_waits_for_nothing_and_holds_up_nothing()
    {
        Observe(Message(2), Message(9) with { After = null }, Message(1));

        DeliveredTo(_alice).Should().Equal("9", "1", "2");
    }

    [Fact]
    public void An_address_of_which_nothing_comes_is_due_after_thirty_to_fifty_seconds_and_any_message_puts_it_off()
    {
        _local.TryTakeDue(Now).Should().BeFalse();
        _local.TryTakeDue(Now + TimeSpan.FromSeconds(29)).Should().BeFalse();
        Finish(_local.Observe(Message(1), Now + TimeSpan.FromSeconds(29)));
        _local.TryTakeDue(Now + TimeSpan.FromSeconds(58)).Should().BeFalse();

        _local.TryTakeDue(Now + TimeSpan.FromSeconds(29) + Quiet).Should().BeTrue();
        _local.TryTakeDue(Now + TimeSpan.FromSeconds(29) + Quiet).Should().BeFalse("whoever took it looks");
    }

    [Fact]
    public void Of_two_marks_the_earlier_counts()
    {
        _local.MarkStale(Now, TimeSpan.Zero);
        _local.MarkStale(Now + Quiet, TimeSpan.FromSeconds(3));

        _local.TryTakeDue(Now).Should().BeTrue();
    }

    [Fact]
    public void Of_two_who_join_and_leave_the_last_to_leave_retires_it_and_nobody_joins_after()
    {
        Interleavings.Play(() =>
        {
            Begin(members: []);
            var (joined, retired) = (0, 0);
            return new Scene([Visit(_alice), Visit(_again)], () =>
            {
                retired.Should().BeLessThanOrEqualTo(joined);
                _local.Members.Should().BeEmpty();
                _local.IsRetired.Should().Be(retired > 0);
            });

            IEnumerable<Func<bool>> Visit(ClientConnection member)
            {
                if (!_local.TryAdd(member))
                {
                    _local.IsRetired.Should().BeTrue();
                    yield break;
                }

                joined++;
                yield return Interleavings.AtOnce;
                _local.IsRetired.Should().BeFalse("somebody is here");
                _local.Remove(member);
                yield return Interleavings.AtOnce;
                retired += _local.TryRetire() ? 1 : 0;
            }
        });
    }

    private void Begin() => Begin([_alice]);

    private void Begin(ClientConnection[] members)
    {
        _local = new LocalAddress(Address.Everyone, new CheckQueue());
        _delivered.Clear();
        foreach (var member in members)
        {
            _local.TryAdd(member);
            _local.Reconcile(Id(0), asked: null, Now);
        }
    }

    private IEnumerable<Func<bool>> Way(params int[] numbers) => Way(() => int.MaxValue, numbers);

    /// <summary>Observes messages and delivers what it is told to, one step each.</summary>
    private IEnumerable<Func<bool>> Way(Func<int> published, params int[] numbers)
    {
        foreach (var number in numbers)
        {
            yield return () => published() >= number;
            foreach (var step in Deliver(_local.Observe(Message(number), Now)))
            {
                yield return step;
            }
        }
    }

    private IEnumerable<Func<bool>> Deliver(PendingDelivery? first)
    {
        for (var next = first; next is var (message, members); next = _local.Next())
        {
            yield return Interleavings.AtOnce;
            _delivered.AddRange(members.Select(member => (member, message.IsGap ? $"gap {message.Id.Offset}" : $"{message.Id.Offset}")));
        }
    }

    private void Observe(params RoutedMessage[] messages) => Array.ForEach(messages, message => Finish(_local.Observe(message, Now)));

    private void Finish(PendingDelivery? first)
    {
        foreach (var _ in Deliver(first))
        {
        }
    }

    private IEnumerable<string> DeliveredTo(ClientConnection member) =>
        _delivered.Where(delivery => delivery.Member == member).Select(delivery => delivery.What);

    private static RoutedMessage Message(int number) => new(Address.Everyone, Id(number), Id(number - 1), "}"u8.ToArray());

    private static Cursor Id(int number) => new((ulong)number, (ulong)number);
}
