using RealtimeHub.Delivery;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Delivery;

/// <summary>The client of these tests takes one write, and the next when it reads: what is written meanwhile waits.</summary>
public sealed class OutboxTests
{
    private const string Closing =
        """{"type":7,"error":"node_stopping: This node is about to stop. Connect again.","allowReconnect":true}""" + "\u001e";

    /// <summary>Whatever waits has waited for longer.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(-1);

    private readonly PipedConnection _connection = new();

    private Outbox Outbox => _connection.Client.Outbox;

    [Fact]
    public void A_client_gets_what_is_written_in_its_order()
    {
        Write("a", "b", "c");

        _connection.ReadAll().Should().Be("abc");
    }

    [Fact]
    public async Task Exactly_a_megabyte_waits_and_with_one_byte_more_the_client_is_cut_off_and_gets_nothing_that_has_waited()
    {
        Write("first", new string('x', Outbox.Capacity - 1), "y");
        _connection.IsCut.Should().BeFalse();

        Write("z");

        await Eventually.HoldsAsync(() => Task.FromResult(_connection.IsCut));
        _connection.Client.Reason.Should().Be(CloseReason.TooSlow);
        _connection.ReadAll().Should().Be("first");
    }

    [Fact]
    public void What_has_been_read_makes_room_again()
    {
        Write("first", new string('x', Outbox.Capacity));
        _connection.ReadAll();

        Write("second", new string('x', Outbox.Capacity));

        _connection.IsCut.Should().BeFalse();
    }

    [Fact]
    public async Task What_has_waited_for_too_long_ends_the_connection_however_little_it_is()
    {
        Write("under way", "waits");
        Outbox.EndIfOlder(TimeSpan.FromMinutes(1));
        _connection.IsCut.Should().BeFalse();

        Outbox.EndIfOlder(Longest);

        await Eventually.HoldsAsync(() => Task.FromResult(_connection.IsCut));
        _connection.Client.Reason.Should().Be(CloseReason.TooSlow);
        _connection.ReadAll().Should().Be("under way");
    }

    [Fact]
    public void A_client_for_which_nothing_waits_is_not_too_slow()
    {
        Write("first", "second");
        _connection.ReadAll();

        Outbox.EndIfOlder(Longest);

        _connection.IsCut.Should().BeFalse();
    }

    [Fact]
    public void What_is_held_until_the_heads_are_known_does_not_wait_for_the_client()
    {
        var asking = new PipedConnection(asksForHeads: true);
        asking.Client.Outbox.Write(new Outgoing("held"u8.ToArray()));

        asking.Client.Outbox.EndIfOlder(Longest);

        asking.IsCut.Should().BeFalse();
        asking.Client.Open(new Outgoing("heads "u8.ToArray()));
        asking.ReadAll().Should().Be("heads held");
    }

    [Fact]
    public async Task Of_several_writers_each_keeps_its_own_order_and_nothing_is_lost()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(
            () => Write([.. Enumerable.Range(0, 200).Select(number => $"{writer}:{number:000} ")]))));

        var read = _connection.ReadAll().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        read.Should().HaveCount(800);
        for (var writer = 0; writer < 4; writer++)
        {
            read.Where(entry => entry.StartsWith($"{writer}:", StringComparison.Ordinal))
                .Should().BeInAscendingOrder(StringComparer.Ordinal);
        }
    }

    [Fact]
    public void A_reason_goes_ahead_of_what_waits_and_nothing_comes_after_it()
    {
        Write("under way", "waits");

        _connection.Client.Close(CloseReason.NodeStopping);
        Write("late");

        _connection.ReadAll().Should().Be("under way" + Closing);
    }

    [Fact]
    public void A_client_for_which_nothing_waits_is_told_the_reason_at_once_and_the_first_reason_counts()
    {
        _connection.Client.Close(CloseReason.NodeStopping);
        _connection.Client.Close(CloseReason.TokenExpired);
        Write("late", new string('x', Outbox.Capacity + 1));

        _connection.ReadAll().Should().Be(Closing);
        _connection.Client.Reason.Should().Be(CloseReason.NodeStopping);
        _connection.IsCut.Should().BeFalse();
    }

    private void Write(params string[] calls) =>
        Array.ForEach(calls, call => Outbox.Write(new Outgoing(System.Text.Encoding.UTF8.GetBytes(call))));
}
