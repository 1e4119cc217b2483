using RealtimeHub.Delivery;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Connections;

public sealed class GroupMembershipTests : IAsyncLifetime
{
    private static readonly Address Room = Address.Group("room");

    private readonly SteppedNode _node = new();
    private readonly ClientConnection _first = new PipedConnection("first").Client;
    private readonly ClientConnection _second = new PipedConnection("second").Client;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Who_joins_while_the_last_is_leaving_is_entered_after_the_group_was_taken_out()
    {
        await JoinAsync(_first);
        var leaving = _node.Groups.LeaveAsync(_first, Room);
        var detach = await NextAsync("detach");
        var joining = _node.Groups.JoinAsync(_second, Room, GroupSources.Host);
        _node.Router.IsCalled.Should().BeFalse("the directory would forget the group after it was entered");

        detach.Go();
        await leaving;
        (await NextAsync("attach")).Go();
        await joining;

        Members().Should().Equal(_second);
    }

    [Fact]
    public async Task Who_leaves_while_another_waits_to_join_does_not_take_the_group_out()
    {
        var joining = _node.Groups.JoinAsync(_first, Room, GroupSources.Host);
        var attach = await NextAsync("attach");
        var second = _node.Groups.JoinAsync(_second, Room, GroupSources.Host);
        var leaving = _node.Groups.LeaveAsync(_first, Room);

        attach.Go();
        (await NextAsync("attach")).Go();
        (await NextAsync("attach")).Go();
        await Task.WhenAll(joining, second, leaving).WaitAsync(TimeSpan.FromSeconds(30));

        _node.Router.IsCalled.Should().BeFalse();
        Members().Should().Equal(_second);
    }

    [Fact]
    public async Task Who_leaves_while_it_is_being_entered_is_taken_out_again()
    {
        var joining = _node.Groups.JoinAsync(_first, Room, GroupSources.Host);
        var attach = await NextAsync("attach");
        var leaving = _node.Groups.LeaveAsync(_first, Room);

        attach.Go();
        (await NextAsync("detach")).Go();
        await Task.WhenAll(joining, leaving);

        _node.Registry.TryFind(Room, out _).Should().BeFalse();
    }

    [Fact]
    public async Task Who_has_left_before_it_was_its_turn_to_join_is_not_in_the_group()
    {
        var joining = _node.Groups.JoinAsync(_first, Room, GroupSources.Host);
        var attach = await NextAsync("attach");
        var second = _node.Groups.JoinAsync(_second, Room, GroupSources.Host);
        await _node.Groups.LeaveAsync(_second, Room);

        attach.Go();
        await Task.WhenAll(joining, second);

        Members().Should().Equal(_first);
    }

    [Fact]
    public async Task Who_could_not_be_entered_is_not_in_the_group_and_is_entered_by_the_next_try()
    {
        var joining = _node.Groups.JoinAsync(_first, Room, GroupSources.Client);
        (await NextAsync("attach")).Fail(new StoreUnavailableException(new TimeoutException("Redis is away.")));
        await _node.Groups.Awaiting(_ => joining).Should().ThrowAsync<StoreUnavailableException>();
        (_first.IsIn(Room), Members().Length).Should().Be((false, 0));

        var again = _node.Groups.JoinAsync(_first, Room, GroupSources.Client);
        (await NextAsync("attach")).Go();
        await again;

        Members().Should().Equal(_first);
    }

    [Fact]
    public async Task Who_is_over_joins_nothing_any_more()
    {
        await _node.Groups.LeaveAllAsync(_first);

        await _node.Groups.JoinAsync(_first, Room, GroupSources.Host);

        _node.Registry.TryFind(Room, out _).Should().BeFalse();
    }

    [Fact]
    public void What_keeps_a_connection_in_a_group_is_known_one_by_one()
    {
        _first.Enter(Room, GroupSources.Token).Should().BeTrue();
        _first.Enter(Room, GroupSources.Client).Should().BeFalse("it is there");

        _first.Exit(Room, GroupSources.Client).Should().BeFalse("its token keeps it there");
        _first.Exit(Room, GroupSources.Lasting).Should().BeFalse();
        _first.Exit(Room, GroupSources.Token).Should().BeTrue();
        _first.Exit(Room, GroupSources.Token).Should().BeFalse("it is not there");
    }

    [Fact]
    public void An_older_look_at_the_groups_of_a_user_changes_nothing_when_a_later_one_has_been_noted()
    {
        var other = Address.Group("other");

        _first.Change([Room], read: 2).Entered.Should().Equal(Room);
        (_first.Change([other], read: 1) == default).Should().BeTrue();
        var later = _first.Change([other], read: 3);

        (later.Entered!.Single(), later.Left!.Single()).Should().Be((other, Room));
        _first.Groups.Should().Equal(other);
    }

    [Fact]
    public void A_look_that_has_found_nothing_is_noted_as_well()
    {
        _first.Change([], read: 2);

        (_first.Change([Room], read: 1) == default).Should().BeTrue();
    }

    [Fact]
    public void What_has_no_room_is_left_out_and_counted()
    {
        for (var number = 0; number < ClientConnection.MaxGroups - 1; number++)
        {
            _first.Enter(Address.Group($"g{number}"), GroupSources.Token);
        }

        var changes = _first.Change([Room, Address.Group("one more"), Address.Group("g7")], read: 1);

        (changes.Entered!.Single(), changes.Refused).Should().Be((Room, 1));
    }

    [Fact]
    public async Task A_group_that_could_not_be_taken_out_is_taken_out_with_its_next_check()
    {
        await JoinAsync(_first);
        var leaving = _node.Groups.LeaveAsync(_first, Room);
        (await NextAsync("detach")).Fail(new StoreUnavailableException(new TimeoutException()));
        await leaving.Awaiting(it => it).Should().ThrowAsync<StoreUnavailableException>();
        _node.Registry.TryFind(Room, out var local).Should().BeTrue();

        var checking = _node.Groups.CheckAsync(local!);
        (await NextAsync("detach")).Go();

        (await checking).Should().BeNull();
        _node.Registry.TryFind(Room, out _).Should().BeFalse();
    }

    private async Task JoinAsync(ClientConnection connection)
    {
        var joining = _node.Groups.JoinAsync(connection, Room, GroupSources.Host);
        (await NextAsync("attach")).Go();
        await joining;
    }

    private async Task<DirectoryCall> NextAsync(string what)
    {
        var call = await _node.Router.NextAsync();
        (call.What, call.Address).Should().Be((what, Room));
        return call;
    }

    private ClientConnection[] Members() => _node.Registry.TryFind(Room, out var local) ? local.Members : [];
}
