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
        var joining = _node.Groups.JoinAsync(_second, Room);
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
        var joining = _node.Groups.JoinAsync(_first, Room);
        var attach = await NextAsync("attach");
        var second = _node.Groups.JoinAsync(_second, Room);
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
        var joining = _node.Groups.JoinAsync(_first, Room);
        var attach = await NextAsync("attach");
        var leaving = _node.Groups.LeaveAsync(_first, Room);

        attach.Go();
        (await NextAsync("detach")).Go();
        await Task.WhenAll(joining, leaving);

        _node.Registry.TryFind(Room, out _).Should().BeFalse();
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
        var joining = _node.Groups.JoinAsync(connection, Room);
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
