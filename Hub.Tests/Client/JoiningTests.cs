using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Client;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Client;

/// <summary>The groups that a client joins by itself.</summary>
public sealed class JoiningTests : IAsyncLifetime
{
    private const string Room = "group:room-7";

    private readonly ScriptedHub _hub = new();
    private readonly ScriptedClient _client;
    private readonly Recording<StateChange> _states = new();
    private readonly Recording<Exception> _errors = new();
    private readonly Recording<string> _handled = new();
    private PushClient _connection = null!;

    public JoiningTests() => _client = new ScriptedClient(_hub);

    public async Task InitializeAsync()
    {
        await _hub.InitializeAsync();
        _connection = NewClient(_client.Options);
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task It_is_in_the_group_when_the_task_ends_and_gets_what_is_published_from_then_on()
    {
        _hub.Logs[Room].Publish("before");
        await _connection.StartAsync();

        await _connection.JoinAsync("room-7");
        await _hub.PushAsync(_hub.Logs[Room].Publish("after"));

        (await _handled.NextAsync()).Should().Be("after");
        (await _hub.GroupCalls.NextAsync()).Should().Be("Join room-7");
        await Eventually.HoldsAsync(() => Task.FromResult(_connection.Cursors.GetValueOrDefault(Room) == _hub.Logs[Room].Head));
    }

    [Fact]
    public async Task It_has_what_was_published_while_it_was_away_when_it_is_connected_again()
    {
        await _connection.StartAsync();
        await _connection.JoinAsync("room-7");
        foreach (var type in (string[])["1", "2", "3"])
        {
            _hub.Logs[Room].Publish(type);
        }

        await ReconnectAsync();

        (await _handled.NextAsync(3)).Should().Equal("1", "2", "3");
        (await _hub.GroupCalls.NextAsync(2)).Should().Equal("Join room-7", "Join room-7");
    }

    [Fact]
    public async Task It_is_not_connected_before_it_has_joined_again_and_an_attempt_that_cannot_has_failed()
    {
        await _connection.StartAsync();
        await _connection.JoinAsync("room-7");
        _hub.BeforeGroup = _ =>
        {
            _hub.BeforeGroup = _ => Task.CompletedTask;
            throw new HubException("store_unavailable: Redis is away. Try again.");
        };

        _hub.Logs.Own.Remove(Room);
        _hub.Drop();
        await PassWaitAsync();
        var failed = await PassWaitAsync();

        failed.Error!.Message.Should().Contain("store_unavailable");
        await ConnectedAsync();
        (await _hub.GroupCalls.NextAsync(3)).Should().AllBe("Join room-7");
    }

    [Fact]
    public async Task A_refusal_is_told_to_the_caller_and_the_connection_stays()
    {
        _hub.BeforeGroup = _ => throw new HubException("group_refused: The token does not allow it.");
        await _connection.StartAsync();

        var refused = (await _connection.Awaiting(it => it.JoinAsync("room-7")).Should().ThrowAsync<GroupException>()).Which;

        (refused.Code, refused.Group).Should().Be(("group_refused", "room-7"));
        refused.Message.Should().Be("The client is not in the group 'room-7': group_refused: The token does not allow it.");
        _connection.State.Should().Be(PushState.Connected);
        _errors.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task A_refusal_without_a_code_is_one_as_well()
    {
        _hub.BeforeGroup = _ => throw new HubException("Not on Sundays.");
        await _connection.StartAsync();

        (await _connection.Awaiting(it => it.JoinAsync("room-7")).Should().ThrowAsync<GroupException>())
            .Which.Code.Should().Be("join_failed");
    }

    [Fact]
    public async Task A_group_that_it_may_not_join_again_is_told_and_wanted_no_more()
    {
        await _connection.StartAsync();
        await _connection.JoinAsync("room-7");
        _hub.BeforeGroup = _ => throw new HubException("group_refused: The token does not allow it.");

        await ReconnectAsync();
        await ReconnectAsync();

        (await _errors.NextAsync()).Should().BeOfType<GroupException>().Which.Group.Should().Be("room-7");
        (await _hub.GroupCalls.NextAsync(2)).Should().AllBe("Join room-7");
        (_errors.IsEmpty, _hub.GroupCalls.IsEmpty).Should().Be((true, true));
    }

    [Fact]
    public async Task A_renewed_connection_asks_whether_it_may_stay()
    {
        await _connection.StartAsync();
        await _connection.JoinAsync("room-7");
        _hub.BeforeGroup = _ => throw new HubException("group_refused: The token does not allow it.");

        await _hub.CallAsync("Renew", new { withinSeconds = 30 });

        (await _errors.NextAsync()).Should().BeOfType<GroupException>().Which.Code.Should().Be("group_refused");
    }

    [Fact]
    public async Task Who_cancels_has_left()
    {
        using var cancellation = new CancellationTokenSource();
        var joining = _connection.JoinAsync("room-7", cancellation.Token);

        await cancellation.CancelAsync();

        await _connection.Awaiting(_ => joining).Should().ThrowAsync<OperationCanceledException>();
        await _connection.StartAsync();
        _hub.GroupCalls.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task Who_cancels_later_stays()
    {
        using var cancellation = new CancellationTokenSource();
        await _connection.StartAsync();
        await _connection.JoinAsync("room-7", cancellation.Token);

        await cancellation.CancelAsync();
        await ReconnectAsync();

        (await _hub.GroupCalls.NextAsync(2)).Should().AllBe("Join room-7");
    }

    [Fact]
    public async Task When_it_stops_nobody_waits_any_longer_and_nothing_is_wanted()
    {
        var joining = _connection.JoinAsync("room-7");
        await _connection.StopAsync();
        await _connection.Awaiting(_ => joining).Should().ThrowAsync<StoppedException>();

        await _connection.StartAsync();
        await _connection.JoinAsync("room-8");
        await _connection.StopAsync();
        await _connection.StartAsync();

        (await _hub.GroupCalls.NextAsync()).Should().Be("Join room-8");
        _hub.GroupCalls.IsEmpty.Should().BeTrue();
        await _connection.DisposeAsync();
        await _connection.Awaiting(it => it.JoinAsync("room-7")).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public async Task When_the_hub_ends_it_for_good_who_waits_is_told_why()
    {
        var answer = new TaskCompletionSource();
        _hub.BeforeGroup = _ => answer.Task;
        await _connection.StartAsync();
        var joining = _connection.JoinAsync("room-7");
        await _hub.GroupCalls.NextAsync();

        await _hub.CloseAsync("""{"type":7,"error":"banned: You are banned."}""");

        (await _connection.Awaiting(_ => joining).Should().ThrowAsync<EndedException>()).Which.Code.Should().Be("banned");
        answer.SetResult();
    }

    [Fact]
    public async Task A_handler_may_wait_for_it_while_the_connection_has_still_to_bring_what_was_missed()
    {
        await _connection.DisposeAsync();
        _connection = NewClient(_client.Options);
        _connection.On("invited", _ => _connection.JoinAsync("room-7"));
        await _connection.StartAsync();
        _hub.Log.Publish("invited");
        for (var number = 0; number < 1_500; number++)
        {
            _hub.Log.Publish("waiting");
        }

        await ReconnectAsync();

        (await _handled.NextAsync(1_501)).Should().HaveCount(1_501);
        (await _hub.GroupCalls.NextAsync()).Should().Be("Join room-7");
    }

    [Fact]
    public async Task A_handler_of_messages_may_wait_for_it_however_many_messages_wait_for_the_handler()
    {
        await _connection.DisposeAsync();
        var joined = new TaskCompletionSource();
        _connection = NewClient(_client.Options);
        _connection.On("invited", async _ =>
        {
            await _connection.JoinAsync("room-7");
            joined.SetResult();
        });
        await _connection.StartAsync();
        var answer = new TaskCompletionSource();
        _hub.BeforeGroup = _ => answer.Task;
        await _hub.PublishAsync("invited");
        await _hub.GroupCalls.NextAsync();
        for (var number = 0; number < 1_500; number++)
        {
            _hub.Log.Publish("waiting");
        }

        _hub.BeforeGroup = _ => Task.CompletedTask;
        await ReconnectAsync();

        await joined.Task.WaitAsync(TimeSpan.FromSeconds(30));
        answer.SetResult();
        (await _handled.NextAsync(1_501)).Should().HaveCount(1_501);
    }

    [Fact]
    public async Task It_is_in_its_groups_on_the_new_connection_before_it_closes_the_one_whose_node_stops()
    {
        _hub.Notices = () => new { reconnectSecret = "s" };
        await _connection.StartAsync();
        await _connection.JoinAsync("room-7");
        await _hub.GroupCalls.NextAsync();
        var answer = new TaskCompletionSource();
        _hub.BeforeGroup = _ => answer.Task;

        await _hub.CallAsync("Move");
        (await _hub.GroupCalls.NextAsync()).Should().Be("Join room-7");
        await _hub.PushAsync(_hub.Logs[Room].PublishTransient("typing"));
        (await _handled.NextAsync()).Should().Be("typing");
        _hub.Connections.Should().Be(2);
        _hub.Logs[Room].Publish("missed by both");
        answer.SetResult();

        (await _handled.NextAsync()).Should().Be("missed by both");
        await Eventually.HoldsAsync(() => Task.FromResult(_hub.Connections == 1));
        (await _states.NextAsync(2)).Select(change => change.State).Should().Equal(PushState.Connecting, PushState.Connected);
        _states.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task What_is_said_while_it_moves_is_done_on_the_new_connection()
    {
        _hub.Notices = () => new { reconnectSecret = "s" };
        await _connection.StartAsync();
        await _connection.JoinAsync("room-7");
        var answer = new TaskCompletionSource();
        _hub.BeforeGroup = _ => answer.Task;
        await _hub.CallAsync("Move");
        await _hub.GroupCalls.NextAsync(2);

        var said = Task.WhenAll(_connection.LeaveAsync("room-7"), _connection.JoinAsync("room-8"));
        answer.SetResult();
        await said;

        (await _hub.GroupCalls.NextAsync(2)).Should().BeEquivalentTo("Leave room-7", "Join room-8");
        await Eventually.HoldsAsync(() => Task.FromResult(_hub.Connections == 1));
    }

    private PushClient NewClient(PushClientOptions options)
    {
        var client = new PushClient(options);
        client.OnState(_states.Add);
        client.OnError(_errors.Add);
        client.On("*", message => _handled.Add(message.Type));
        return client;
    }

    /// <summary>The connection is gone, and the next one is in no group yet. Returns when that has brought what was missed.</summary>
    private async Task ReconnectAsync()
    {
        _hub.Logs.Own.Remove(Room);
        _hub.Drop();
        await PassWaitAsync();
        await ConnectedAsync();
    }

    private Task<StateChange> ConnectedAsync() => _states.NextAsync(change => change.State == PushState.Connected);

    private async Task<StateChange> PassWaitAsync()
    {
        var waiting = await _states.NextAsync(change => change.RetryIn is not null);
        _client.Time.Advance(waiting.RetryIn!.Value);
        return waiting;
    }
}
