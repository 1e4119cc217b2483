using RealtimeHub.Delivery;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Connections;

/// <remarks>
/// What is marked as due at once is due with the next tick. Whether a round has ended shows in the next one: it looks at what was marked
/// since.
/// </remarks>
public sealed class PositionCheckTests : IAsyncLifetime
{
    private const int AtOnce = 256;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly Address Alice = Address.User("alice");
    private static readonly Address Bob = Address.User("bob");
    private static readonly Address Room = Address.Group("room");
    private static readonly StoreUnavailableException Away = new(new TimeoutException());

    private readonly SteppedNode _node = new();
    private readonly PipedConnection _alice = new("first");

    public async Task InitializeAsync()
    {
        var starting = _node.Check.StartAsync();
        (await NextAsync("head", Address.Everyone)).Go();
        await starting;

        await AttachAsync(_alice.Client, Room);
        _alice.Client.Cursors.TakeTurn(_node.Time.GetUtcNow());
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task What_has_passed_the_node_by_is_found_and_told_to_those_who_are_here()
    {
        var missed = await PublishAsync(Alice);

        var check = await BeginCheckAsync(Alice);
        check.Go();
        await EndRoundAsync();

        (await ReadAsync()).Should().Contain("\"target\":\"Heads\"").And.Contain($"\"user:alice\":\"{missed.Id}\"");
        Local(Alice).Head.Should().Be(missed.Id);
    }

    [Fact]
    public async Task Only_what_is_not_as_the_node_knows_it_is_entered_again()
    {
        var missed = await PublishAsync(Alice);
        _node.Router.IsUnchanged = true;
        Mark(Alice, Room);
        _node.Time.Advance(Tick);

        (await NextAsync("attach", Alice)).Go();

        _node.Router.IsUnchanged = false;
        await EndRoundAsync();
        Local(Alice).Head.Should().Be(missed.Id);
    }

    [Fact]
    public async Task A_group_that_nobody_is_left_in_is_taken_out_though_nothing_has_changed()
    {
        var leaving = _node.Groups.LeaveAsync(_alice.Client, Room);
        (await NextAsync("detach", Room)).Fail(Away);
        await leaving.Awaiting(left => left).Should().ThrowAsync<StoreUnavailableException>();
        _node.Router.IsUnchanged = true;

        (await BeginCheckAsync("detach", Room)).Go();
    }

    [Fact]
    public async Task All_that_is_marked_stale_is_looked_at_within_three_seconds()
    {
        _node.Check.MarkStale();
        _node.Time.Advance(TimeSpan.FromSeconds(3));

        var looked = new List<Address>();
        while (looked.Count < 3)
        {
            var call = await _node.Router.NextAsync();
            looked.Add(call.Address);
            call.Go();
        }

        looked.Should().HaveCount(3).And.Contain([Address.Everyone, Alice, Room]);
    }

    [Fact]
    public async Task A_message_that_comes_while_the_head_is_looked_up_is_delivered_and_is_no_gap()
    {
        var check = await BeginCheckAsync(Alice);
        var message = await PublishAsync(Alice);
        _node.FanOut.Deliver([message]);

        check.Go();
        await EndRoundAsync();

        (await ReadAsync()).Should().Contain($"\"id\":\"{message.Id}\"").And.NotContain("Heads");
        Local(Alice).Head.Should().Be(message.Id);
    }

    [Fact]
    public async Task A_message_that_comes_early_while_the_head_is_looked_up_comes_after_the_gap()
    {
        await PublishAsync(Alice);
        var early = await PublishAsync(Alice);
        var check = await BeginCheckAsync(Alice);
        _node.FanOut.Deliver([early]);
        _alice.Read().Should().BeEmpty();

        check.Go();
        await EndRoundAsync();

        (await ReadToMessageAsync()).Should().Match($"*\"Heads\"*\"{early.Id}\"*\"Receive\"*\"id\":\"{early.Id}\"*");
    }

    [Fact]
    public async Task A_message_that_waits_for_one_that_never_comes_is_delivered_behind_a_gap_though_nothing_else_comes()
    {
        await PublishAsync(Alice);
        var early = await PublishAsync(Alice);
        _node.FanOut.Deliver([early]);
        _node.Time.Advance(Tick);

        (await NextAsync("attach", Alice)).Go();
        await EndRoundAsync();

        (await ReadToMessageAsync()).Should().Match($"*\"Heads\"*\"Receive\"*\"id\":\"{early.Id}\"*");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_user_whose_last_connection_ends_while_it_is_entered_again_is_taken_out_again(bool isAnswered)
    {
        var check = await BeginCheckAsync(Alice);
        var leaving = _node.Attachment.DetachAsync(_alice.Client);
        (await NextAsync("detach", Alice)).Go();
        (await NextAsync("detach", Room)).Go();
        await leaving;

        Answer(check, isAnswered);

        (await NextAsync("detach", Alice)).Go();
        _node.Registry.TryFind(Alice, out _).Should().BeFalse();
    }

    [Fact]
    public async Task A_group_whose_last_member_leaves_while_it_is_entered_again_is_taken_out_after_that()
    {
        var check = await BeginCheckAsync(Room);
        var leaving = _node.Groups.LeaveAsync(_alice.Client, Room);
        _node.Router.IsCalled.Should().BeFalse("the directory would have the group after nobody is left");

        check.Go();

        (await NextAsync("detach", Room)).Go();
        await leaving;
        _node.Registry.TryFind(Room, out _).Should().BeFalse();
    }

    [Fact]
    public async Task What_is_marked_stale_while_it_is_looked_at_is_looked_at_again()
    {
        var check = await BeginCheckAsync(Alice);
        Mark(Alice);
        check.Go();

        _node.Time.Advance(Tick);

        (await NextAsync("attach", Alice)).Go();
    }

    [Fact]
    public async Task When_the_store_fails_in_the_middle_of_a_round_what_failed_is_looked_at_again_a_second_later_and_the_rest_is_not()
    {
        var missed = await PublishAsync(Room);
        Mark(Alice, Room);
        _node.Time.Advance(Tick);
        var calls = new[] { await _node.Router.NextAsync(), await _node.Router.NextAsync() };
        calls.Single(call => call.Address == Alice).Go();
        calls.Single(call => call.Address == Room).Fail(Away);
        await EndRoundAsync();

        _node.Time.Advance(TimeSpan.FromSeconds(1));

        (await NextAsync("attach", Room)).Go();
        await EndRoundAsync();
        (await ReadAsync()).Should().Contain($"\"group:room\":\"{missed.Id}\"");
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_ends_the_looking_at_no_other()
    {
        (await BeginCheckAsync(Alice)).Fail(new InvalidOperationException("A log in Redis has an id that is none of ours."));

        (await BeginCheckAsync(Room)).Go();
        await _node.Check.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task While_the_store_is_away_a_round_tries_one_of_those_who_are_gone_and_the_next_round_another()
    {
        var bob = new PipedConnection("second", "bob").Client;
        await AttachAsync(bob);
        var leaving = new[] { _node.Attachment.DetachAsync(bob), _node.Attachment.DetachAsync(_alice.Client) };
        (await NextAsync("detach", Bob)).Fail(Away);
        (await NextAsync("detach", Alice)).Fail(Away);
        (await NextAsync("detach", Room)).Go();
        await Task.WhenAll(leaving);
        _node.Time.Advance(Tick);
        var first = await _node.Router.NextAsync();

        first.Fail(Away);
        await EndRoundAsync();
        var second = await _node.Router.NextAsync();

        new[] { first.Address, second.Address }.Should().Contain([Alice, Bob]);
    }

    [Fact]
    public async Task Of_many_that_are_due_at_once_256_are_looked_at_at_a_time()
    {
        Mark(Rooms(AtOnce + 44));
        _node.Time.Advance(Tick);

        var first = await TakeAsync(AtOnce);
        Array.ForEach(first, call => call.Go());
        var rest = await TakeAsync(44);

        first.Concat(rest).Should().OnlyHaveUniqueItems(call => call.Address);
    }

    [Fact]
    public async Task A_node_that_closes_in_the_middle_of_a_round_waits_for_what_is_under_way_and_begins_nothing_more()
    {
        Mark(Rooms(AtOnce + 44));
        _node.Time.Advance(Tick);
        var underWay = await TakeAsync(AtOnce);

        var stopping = _node.Check.StopAsync();
        Array.ForEach(underWay[1..], call => call.Go());
        stopping.IsCompleted.Should().BeFalse("what is entered must not be entered after the node has left");
        underWay[0].Go();

        await stopping.WaitAsync(TimeSpan.FromSeconds(30));
        _node.Router.IsCalled.Should().BeFalse();
    }

    [Fact]
    public async Task A_node_that_closes_while_the_store_is_away_does_not_wait_for_those_who_are_gone()
    {
        var leaving = _node.Attachment.DetachAsync(_alice.Client);
        (await NextAsync("detach", Alice)).Fail(Away);
        (await NextAsync("detach", Room)).Go();
        await leaving;
        var check = await BeginCheckAsync("head", Address.Everyone);

        var stopping = _node.Check.StopAsync();
        check.Fail(Away);

        await stopping.WaitAsync(TimeSpan.FromSeconds(30));
        _node.Router.IsCalled.Should().BeFalse();
    }

    /// <summary>Away from the test's context, in which what the node goes on to write would not have happened when this returns.</summary>
    private Task<string> ReadAsync() => Task.Run(_alice.ReadAll);

    /// <summary>Reads until a message has come: it goes out when what is before it has been read, perhaps on another thread.</summary>
    private async Task<string> ReadToMessageAsync()
    {
        var read = "";
        await Eventually.HoldsAsync(async () => (read += await ReadAsync()).Contains("Receive", StringComparison.Ordinal));
        return read;
    }

    private static void Answer(DirectoryCall call, bool isAnswered)
    {
        if (isAnswered)
        {
            call.Go();
        }
        else
        {
            call.Fail(Away);
        }
    }

    private async Task AttachAsync(ClientConnection connection, params Address[] groups)
    {
        var attaching = _node.Attachment.AttachAsync(connection, groups);
        (await NextAsync("attach", connection.User!.Value)).Go();
        foreach (var group in groups)
        {
            (await NextAsync("attach", group)).Go();
        }

        await attaching;
    }

    private Address[] Rooms(int count) => [.. Enumerable.Range(0, count).Select(
        number => _node.Registry.Join(Address.Group($"room {number}"), _alice.Client).Address)];

    private Task<DirectoryCall> BeginCheckAsync(Address address) => BeginCheckAsync("attach", address);

    private async Task<DirectoryCall> BeginCheckAsync(string what, Address address)
    {
        Mark(address);
        _node.Time.Advance(Tick);
        return await NextAsync(what, address);
    }

    /// <summary>Returns when the round has ended, and the next one is about to.</summary>
    private async Task EndRoundAsync() => (await BeginCheckAsync("head", Address.Everyone)).Go();

    private void Mark(params Address[] addresses) =>
        Array.ForEach(addresses, address => Local(address).MarkStale(_node.Time.GetUtcNow(), TimeSpan.Zero));

    private LocalAddress Local(Address address) => _node.Registry.TryFind(address, out var local)
        ? local : throw new InvalidOperationException($"Nobody of {address} is here.");

    private async Task<DirectoryCall> NextAsync(string what, Address address)
    {
        var call = await _node.Router.NextAsync();
        (call.What, call.Address).Should().Be((what, address));
        return call;
    }

    private async Task<DirectoryCall[]> TakeAsync(int count)
    {
        var calls = new DirectoryCall[count];
        for (var number = 0; number < count; number++)
        {
            calls[number] = await _node.Router.NextAsync();
        }

        return calls;
    }

    /// <summary>Publishes a message, which passes the node by.</summary>
    private async Task<RoutedMessage> PublishAsync(Address address)
    {
        var id = await _node.Router.PublishAsync(new Envelope(address, "}"u8.ToArray()));
        var page = await _node.Router.ReadRetainedAsync(address, int.MaxValue);
        return page.Messages.Single(message => message.Id == id);
    }
}
