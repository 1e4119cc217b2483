using RealtimeHub.Client;

namespace RealtimeHub.Tests.Client;

public sealed class ReconnectTests : IAsyncLifetime
{
    private readonly ScriptedHub _hub = new();
    private readonly Recording<StateChange> _states = new();
    private readonly ScriptedClient _client;
    private PushClient _connection = null!;

    public ReconnectTests() => _client = new ScriptedClient(_hub);

    public async Task InitializeAsync()
    {
        await _hub.InitializeAsync();
        Use(_client.Options);
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _hub.DisposeAsync();
        _client.Log.Leaks.Should().BeEmpty();
    }

    [Fact]
    public async Task A_failed_first_attempt_is_made_again_after_waits_that_double()
    {
        var attempts = 0;
        _hub.Refuses = _ => attempts < 7 ? (503, "store_unavailable") : null;
        var started = _connection.StartAsync();

        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 30, 30])
        {
            var waiting = await _states.NextAsync(change => change.RetryIn is not null);
            waiting.Should()
                .BeEquivalentTo(new { State = PushState.Connecting, RetryIn = TimeSpan.FromSeconds(seconds), Error = new { Code = "store_unavailable" } });
            attempts++;
            _client.Time.Advance(waiting.RetryIn!.Value);
        }

        await started;
        _connection.State.Should().Be(PushState.Connected);
    }

    [Fact]
    public async Task Every_step_is_told_with_the_state_before_it()
    {
        await _connection.StartAsync();
        _hub.Drop();
        (await _states.NextAsync(3)).Select(change => (change.Previous, change.State)).Should().Equal(
            (PushState.Stopped, PushState.Connecting),
            (PushState.Connecting, PushState.Connected),
            (PushState.Connected, PushState.Reconnecting));

        _client.Time.Advance(TimeSpan.FromSeconds(2));
        (await _states.NextAsync(2)).Should().Equal(
            new StateChange(PushState.Reconnecting, PushState.Reconnecting),
            new StateChange(PushState.Connected, PushState.Reconnecting));

        await _connection.StopAsync();
        (await _states.NextAsync()).Should().Be(new StateChange(PushState.Stopped, PushState.Connected));
    }

    [Fact]
    public async Task A_connection_that_held_for_five_seconds_begins_anew_with_the_shortest_wait()
    {
        await _connection.StartAsync();
        for (var drop = 0; drop < 3; drop++)
        {
            await ConnectedAsync();
            _client.Time.Advance(TimeSpan.FromSeconds(5));
            _hub.Drop();
            (await AdvanceToNextAttemptAsync()).Should().Be(TimeSpan.FromSeconds(1));
        }

        (await _hub.Requests.NextAsync(4)).Should().Equal("websocket t1", "websocket t2", "websocket t3", "websocket t4");
    }

    [Fact]
    public async Task A_hub_that_drops_everyone_at_once_is_asked_less_and_less_often()
    {
        _ = _connection.StartAsync();
        var waits = new List<TimeSpan>();
        for (var drop = 0; drop < 4; drop++)
        {
            await ConnectedAsync();
            _hub.Drop();
            waits.Add(await AdvanceToNextAttemptAsync());
        }

        waits.Select(wait => wait.TotalSeconds).Should().Equal(1, 2, 4, 8);
    }

    [Fact]
    public async Task Only_the_user_s_sign_in_ends_it_be_it_long_after_the_first_connection()
    {
        var signIn = new SignInRequiredException("Your session has ended.");
        var tokens = 0;
        Use(_client.Options with { Token = _ => tokens++ == 0 ? Task.FromResult<AccessToken>("t1") : throw signIn });
        await _connection.StartAsync();
        _hub.Drop();
        await AdvanceToNextAttemptAsync();

        (await _states.NextAsync(change => change.State == PushState.Stopped)).Error.Should().BeSameAs(signIn);
        await _connection.Awaiting(connection => connection.StartAsync()).Should().ThrowAsync<SignInRequiredException>();
    }

    [Fact]
    public async Task After_the_user_has_signed_in_it_can_be_started_again()
    {
        var isSignedIn = false;
        Use(_client.Options with { Token = token => isSignedIn ? _client.NextTokenAsync(token) : throw new SignInRequiredException() });
        await _connection.Awaiting(connection => connection.StartAsync()).Should().ThrowAsync<SignInRequiredException>();
        _connection.State.Should().Be(PushState.Stopped);

        isSignedIn = true;
        await _connection.StartAsync();

        _connection.State.Should().Be(PushState.Connected);
    }

    [Fact]
    public async Task Until_it_is_stopped_every_start_is_the_same()
    {
        await Task.WhenAll(_connection.StartAsync(), _connection.StartAsync());
        await _connection.StartAsync();

        (await _hub.Requests.NextAsync()).Should().Be("websocket t1");
        _hub.Requests.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task A_stop_before_the_first_connection_fails_the_start()
    {
        _hub.Refuses = _ => (503, "store_unavailable");
        var started = _connection.StartAsync();
        await _states.NextAsync(change => change.RetryIn is not null);

        await _connection.StopAsync();

        await started.Awaiting(task => task).Should().ThrowAsync<StoppedException>();
        (await _states.NextAsync()).Should().Be(new StateChange(PushState.Stopped, PushState.Connecting));
        _states.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task Cancelling_a_start_ends_it_and_says_what_stood_in_the_way()
    {
        _hub.Refuses = _ => (503, "store_unavailable");
        using var cancellation = new CancellationTokenSource();
        var started = _connection.StartAsync(cancellation.Token);
        await _states.NextAsync(change => change.RetryIn is not null);

        await cancellation.CancelAsync();
        var failure = (await started.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>()).Which;

        failure.CancellationToken.Should().Be(cancellation.Token);
        failure.InnerException.Should().BeOfType<RefusedException>().Which.Code.Should().Be("store_unavailable");
        _connection.State.Should().Be(PushState.Stopped);
    }

    [Fact]
    public async Task A_start_that_was_given_a_time_ends_with_it_and_says_what_stood_in_the_way()
    {
        _hub.Refuses = _ => (503, "store_unavailable");
        var started = _connection.StartAsync(TimeSpan.FromSeconds(0.5));
        await _states.NextAsync(change => change.RetryIn is not null);

        _client.Time.Advance(TimeSpan.FromSeconds(0.5));

        (await started.Awaiting(task => task).Should().ThrowAsync<StartTimeoutException>()).Which.Message.Should().Be(
            "There was no connection within 0.5 seconds. The hub refused the connection with 503 store_unavailable. As scripted.");
        _connection.State.Should().Be(PushState.Stopped);
    }

    [Fact]
    public async Task A_start_ends_with_its_time_in_the_middle_of_an_attempt_too()
    {
        _hub.Delays = _ => new TaskCompletionSource().Task;
        var started = _connection.StartAsync(TimeSpan.FromSeconds(10));
        await _hub.Requests.NextAsync();

        _client.Time.Advance(TimeSpan.FromSeconds(10));

        await started.Awaiting(task => task).Should().ThrowAsync<StartTimeoutException>();
    }

    [Fact]
    public async Task A_time_for_the_start_ends_nothing_that_has_connected()
    {
        using var cancellation = new CancellationTokenSource();
        await _connection.StartAsync(TimeSpan.FromSeconds(10), cancellation.Token);

        _client.Time.Advance(TimeSpan.FromSeconds(10));
        await cancellation.CancelAsync();
        await _connection.StartAsync();

        _connection.State.Should().Be(PushState.Connected);
    }

    [Fact]
    public async Task A_handler_may_stop_it()
    {
        using var registration =
            _connection.OnState(change => _ = change.State == PushState.Connected ? _connection.StopAsync() : Task.CompletedTask);

        await _connection.StartAsync();

        await _states.NextAsync(change => change.State == PushState.Stopped);
        await Fixtures.Eventually.HoldsAsync(() => Task.FromResult(_hub.Connections == 0));
    }

    [Fact]
    public async Task A_stop_of_what_was_never_started_does_nothing()
    {
        await _connection.StopAsync();

        _states.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task What_is_disposed_of_is_closed_and_cannot_be_started()
    {
        await _connection.StartAsync();

        await _connection.DisposeAsync();
        await _connection.DisposeAsync();

        _connection.State.Should().Be(PushState.Stopped);
        await _connection.Awaiting(connection => connection.StartAsync()).Should().ThrowAsync<ObjectDisposedException>();
        await Fixtures.Eventually.HoldsAsync(() => Task.FromResult(_hub.Connections == 0));
    }

    [Fact]
    public async Task A_refused_first_resume_is_a_failed_attempt()
    {
        _hub.BeforeAnswer = _ => throw new Microsoft.AspNetCore.SignalR.HubException("store_unavailable");
        var started = _connection.StartAsync();
        var failed = await _states.NextAsync(change => change.RetryIn is not null);

        failed.State.Should().Be(PushState.Connecting);
        failed.Error!.Message.Should().Contain("store_unavailable");
        _hub.BeforeAnswer = _ => Task.CompletedTask;
        _client.Time.Advance(TimeSpan.FromSeconds(1));
        await started;
    }

    [Fact]
    public async Task A_resume_that_is_not_answered_is_given_up_after_15_seconds()
    {
        _hub.BeforeAnswer = _ => new TaskCompletionSource().Task;
        _ = _connection.StartAsync();
        await _hub.Calls.NextAsync();

        _client.Time.Advance(TimeSpan.FromSeconds(15));

        (await _states.NextAsync(change => change.RetryIn is not null)).Error!.Message.Should().Be("The hub did not answer within 15 seconds.");
    }

    private void Use(PushClientOptions options)
    {
        _connection = new PushClient(options);
        _connection.OnState(_states.Add);
    }

    private Task<StateChange> ConnectedAsync() => _states.NextAsync(change => change.State == PushState.Connected);

    private async Task<TimeSpan> AdvanceToNextAttemptAsync()
    {
        var wait = (await _states.NextAsync(change => change.RetryIn is not null)).RetryIn!.Value;
        _client.Time.Advance(wait);
        return wait;
    }
}
