using System.Runtime.CompilerServices;
using RealtimeHub.Delivery;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Delivery;

public sealed class CheckQueueTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(51);
    private static readonly Address Alice = Address.User("alice");
    private static readonly Address Bob = Address.User("bob");

    private readonly ClientConnection _connection = new PipedConnection().Client;
    private readonly ConnectionRegistry _registry = new();

    [Fact]
    public void Of_thousand_addresses_that_nothing_comes_for_each_is_due_once_after_thirty_to_fifty_one_seconds()
    {
        HashSet<LocalAddress> all = [_registry.Everyone, .. Enumerable.Range(0, 1_000).Select(number => Join(Address.User($"{number}")))];
        TakeDue(Now).Should().BeEmpty();

        var taken = new List<LocalAddress>();
        for (var passed = Tick; passed <= Longest; passed += Tick)
        {
            var due = TakeDue(Now + passed);
            due.Should().HaveCountLessThan(150, "they are spread over twenty seconds");
            (due.Count == 0 || passed >= Shortest).Should().BeTrue();
            taken.AddRange(due);
        }

        taken.Should().OnlyHaveUniqueItems();
        all.SetEquals(taken).Should().BeTrue();
        all.SetEquals(TakeDue(Now + (2 * Longest))).Should().BeTrue("they are due again and again");
    }

    [Fact]
    public void Those_that_are_due_in_one_second_are_due_at_its_end()
    {
        for (var number = 0; number < 1_000; number++)
        {
            Join(Address.User($"{number}"));
        }

        var second = TimeSpan.FromSeconds(1);
        TakeDue(Now).Should().BeEmpty();
        TakeDue(Now + Shortest).Should().HaveCountLessThan(20);

        for (var passed = Shortest + second; passed < Longest; passed += second)
        {
            TakeDue(Now + passed).Should().NotBeEmpty();
            TakeDue(Now + passed + second - TimeSpan.FromTicks(1)).Should().BeEmpty();
        }
    }

    [Fact]
    public void A_message_puts_an_address_off_however_often_it_was_asked_meanwhile()
    {
        var local = Join(Alice);
        TakeDue(Now).Should().BeEmpty();
        var later = Now;
        for (var number = 1; number <= 20; number++, later += Shortest - Tick)
        {
            Deliver(local, number, later);
            TakeDue(later).Should().NotContain(local);
        }

        TakeDue(later).Should().NotContain(local);
        TakeDue(later + Longest).Should().Contain(local);
    }

    [Fact]
    public void A_mark_makes_an_address_due_at_its_time_and_then_as_ever()
    {
        var alice = Join(Alice);
        TakeDue(Now).Should().BeEmpty();

        alice.MarkStale(Now + TimeSpan.FromSeconds(1), TimeSpan.Zero);

        TakeDue(Now + TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1)).Should().BeEmpty();
        TakeDue(Now + TimeSpan.FromSeconds(1)).Should().Equal(alice);
        TakeDue(Now + Shortest).Should().NotContain(alice);
        TakeDue(Now + TimeSpan.FromSeconds(1) + Longest).Should().Contain(alice);
    }

    [Fact]
    public void Of_two_marks_the_earlier_counts_in_whichever_order_they_come()
    {
        var (alice, bob) = (Join(Alice), Join(Bob));
        alice.MarkStale(Now + TimeSpan.FromSeconds(1), TimeSpan.Zero);
        alice.MarkStale(Now + TimeSpan.FromSeconds(3), TimeSpan.Zero);
        bob.MarkStale(Now + TimeSpan.FromSeconds(3), TimeSpan.Zero);
        bob.MarkStale(Now + TimeSpan.FromSeconds(1), TimeSpan.Zero);

        TakeDue(Now + TimeSpan.FromSeconds(1)).Should().HaveCount(2).And.Contain([alice, bob]);
        TakeDue(Now + TimeSpan.FromSeconds(3)).Should().BeEmpty("one look is enough");
    }

    [Fact]
    public void What_is_held_makes_its_address_due_when_it_was_held_for_too_long_though_nothing_else_comes()
    {
        var local = Join(Alice);
        Deliver(local, 2, Now);

        TakeDue(Now + MessageOrder.HoldTime - TimeSpan.FromTicks(1)).Should().BeEmpty();
        TakeDue(Now + MessageOrder.HoldTime).Should().Equal(local);
    }

    [Fact]
    public void What_is_held_anew_after_a_step_forward_makes_its_address_due_when_that_was_too_long()
    {
        var local = Join(Alice);
        Deliver(local, 4, Now);
        Deliver(local, 2, Now);
        var later = Now + TimeSpan.FromMilliseconds(200);
        Deliver(local, 1, later);

        TakeDue(Now + MessageOrder.HoldTime).Should().BeEmpty();
        TakeDue(later + MessageOrder.HoldTime - TimeSpan.FromTicks(1)).Should().BeEmpty();
        TakeDue(later + MessageOrder.HoldTime).Should().Equal(local);
    }

    [Fact]
    public void A_mark_that_falls_while_others_are_taken_is_never_lost()
    {
        var orders = Interleavings.Play(() =>
        {
            var registry = new ConnectionRegistry();
            var (alice, bob) = (registry.Join(Alice, _connection), registry.Join(Bob, _connection));
            var (published, seen) = (0, 0);
            return new Scene([Loss(), Check()], () =>
            {
                foreach (var local in registry.Checks.TakeDue(Now).Where(local => local == alice))
                {
                    seen = published;
                }

                seen.Should().Be(published);
            });

            IEnumerable<Func<bool>> Loss()
            {
                for (var turn = 0; turn < 2; turn++)
                {
                    published++;
                    yield return Interleavings.AtOnce;
                    alice.MarkStale(Now, TimeSpan.Zero);
                    bob.MarkStale(Now, TimeSpan.Zero);
                    yield return Interleavings.AtOnce;
                }
            }

            IEnumerable<Func<bool>> Check()
            {
                for (var round = 0; round < 2; round++)
                {
                    foreach (var local in registry.Checks.TakeDue(Now))
                    {
                        yield return Interleavings.AtOnce;
                        seen = local == alice ? published : seen;
                    }

                    yield return Interleavings.AtOnce;
                }
            }
        });

        orders.Should().BeGreaterThan(100);
    }

    [Fact]
    public async Task A_mark_of_another_thread_is_never_lost()
    {
        const int Marks = 5_000;
        var local = Join(Alice);
        var (published, seen) = (0, 0);

        var marking = Task.Run(() =>
        {
            while (published < Marks)
            {
                Interlocked.Increment(ref published);
                local.MarkStale(Now, TimeSpan.Zero);
            }
        });
        while (!marking.IsCompleted)
        {
            Look();
        }

        await marking;
        Look();
        seen.Should().Be(Marks);

        void Look()
        {
            foreach (var _ in TakeDue(Now))
            {
                seen = Volatile.Read(ref published);
            }
        }
    }

    [Fact]
    public void An_address_that_is_given_up_is_due_no_more_and_whoever_comes_there_again_is()
    {
        var before = Join(Alice);
        before.MarkStale(Now, TimeSpan.Zero);
        before.Remove(_connection);
        _registry.Close(before);
        var after = Join(Alice);

        TakeDue(Now).Should().BeEmpty();
        TakeDue(Now + Longest).Should().HaveCount(2).And.Contain([after, _registry.Everyone]);
    }

    [Fact]
    public void An_address_that_is_given_up_is_let_go_of_although_its_time_has_not_come()
    {
        var given = JoinAndLeave();
        GC.Collect();

        given.TryGetTarget(out _).Should().BeFalse();
        GC.KeepAlive(_registry);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference<LocalAddress> JoinAndLeave()
    {
        var local = Join(Alice);
        TakeDue(Now).Should().BeEmpty();
        local.Remove(_connection);
        _registry.Close(local);
        return new WeakReference<LocalAddress>(local);
    }

    private List<LocalAddress> TakeDue(DateTimeOffset now) => [.. _registry.Checks.TakeDue(now)];

    private LocalAddress Join(Address address)
    {
        var local = _registry.Join(address, _connection);
        local.Reconcile(Id(0), asked: null, Now);
        return local;
    }

    private static void Deliver(LocalAddress local, int number, DateTimeOffset now)
    {
        for (var next = local.Observe(new RoutedMessage(local.Address, Id(number), Id(number - 1), "}"u8.ToArray()), now); next is not null;)
        {
            next = local.Next();
        }
    }

    private static Cursor Id(int number) => new((ulong)number, (ulong)number);
}
