using RealtimeHub.Client;

namespace RealtimeHub.Tests.Client;

/// <summary>A client comes back with the secret of its last connection. Its web app is asked only where no secret is good.</summary>
public sealed class ReconnectSecretTests : IAsyncLifetime
{
    private readonly ScriptedHub _hub = new();
    private readonly ScriptedClient _client;
    private readonly Recording<StateChange> _states = new();
    private readonly Recording<string> _handled = new();
    private PushClient _connection = null!;
    private int _secrets;

    public ReconnectSecretTests() => _client = new ScriptedClient(_hub);

    public async Task InitializeAsync()
    {
        await _hub.InitializeAsync();
        _hub.Notices = () => new { reconnectSecret = $"s{++_secrets}" };
        _connection = new PushClient(_client.Options);
        _connection.OnState(_states.Add);
        _connection.On("*", message => _handled.Add(message.Type));
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task After_each_drop_it_shows_the_secret_of_the_connection_before_and_asks_for_no_token()
    {
        await ConnectAsync();
        for (var drop = 0; drop < 3; drop++)
        {
            await DropAsync();
            await ComeBackAsync();
        }

        await Asked("websocket t1", "websocket s1", "websocket s2", "websocket s3");
    }

    [Fact]
    public async Task A_secret_that_the_hub_does_not_know_is_followed_by_a_token_in_the_same_attempt()
    {
        await ConnectAsync();
        _hub.Knows = credential => credential != "s1";

        await DropAsync();
        await ComeBackAsync();

        await Asked("websocket t1", "websocket s1", "websocket t2");
        await DropAsync();
        await ComeBackAsync();
        await Asked("websocket s2");
    }

    [Theory]
    [InlineData(503, "store_unavailable")]
    [InlineData(429, "rate_limited")]
    [InlineData(502, null)]
    public async Task A_secret_is_kept_where_the_attempt_fails_for_another_reason(int status, string? code)
    {
        await ConnectAsync();
        _hub.Refuses = _ => (status, code!);

        await DropAsync();
        await FailAsync();
        _hub.Refuses = _ => null;
        await ComeBackAsync();

        await Asked("websocket t1", "websocket s1", "websocket s1");
    }

    [Fact]
    public async Task Every_transport_of_an_attempt_shows_the_same_secret()
    {
        await ConnectAsync();
        _hub.Refuses = kind => kind == "websocket" ? (502, null!) : null;

        await DropAsync();
        await FailAsync();
        await ComeBackAsync();

        await Asked("websocket t1", "websocket s1", "websocket s1", "negotiate s1", "stream s1");
    }

    [Theory]
    [InlineData("ended")]
    [InlineData("banned")]
    [InlineData("token_expired")]
    [InlineData("renewal_missed")]
    public async Task A_secret_is_dead_after_an_end_with_which_its_token_ends(string code)
    {
        await ConnectAsync();

        await _hub.CloseAsync($$"""{"type":7,"error":"{{code}}: As scripted.","allowReconnect":true}""");
        await ComeBackAsync();

        await Asked("websocket t1", "websocket t2");
    }

    [Fact]
    public async Task A_secret_outlives_other_ends()
    {
        await ConnectAsync();

        await _hub.CloseAsync("""{"type":7,"error":"node_stopping: This node is about to stop.","allowReconnect":true}""");
        await ComeBackAsync();

        await Asked("websocket t1", "websocket s1");
    }

    [Theory]
    [InlineData(299, "websocket s1")]
    [InlineData(300, "websocket t2")]
    public async Task A_secret_is_good_for_five_minutes(int seconds, string shown)
    {
        await ConnectAsync();

        await DropAsync();
        _client.Time.Advance(TimeSpan.FromSeconds(seconds));
        await ConnectedAsync();

        await Asked("websocket t1", shown);
    }

    [Fact]
    public async Task The_five_minutes_count_from_what_came_last_for_a_device_may_have_slept_since()
    {
        await ConnectAsync();

        _client.Time.Advance(TimeSpan.FromMinutes(5));
        await DropAsync();
        await ComeBackAsync();

        await Asked("websocket t1", "websocket t2");
    }

    [Fact]
    public async Task A_client_that_was_stopped_asks_for_a_token_because_another_user_may_have_signed_in()
    {
        await ConnectAsync();

        await _connection.StopAsync();
        await ConnectAsync();

        await Asked("websocket t1", "websocket t2");
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("line\nfeed")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData(7)]
    public async Task What_is_no_secret_is_not_shown(object? secret)
    {
        _hub.Notices = () => new { reconnectSecret = secret };
        await ConnectAsync();

        await DropAsync();
        await ComeBackAsync();

        await Asked("websocket t1", "websocket t2");
    }

    [Fact]
    public async Task No_log_line_and_no_exception_holds_a_secret()
    {
        var secret = $"wsreconnect{new string('S', 8)}.{new string('S', 43)}";
        _hub.Notices = () => new { reconnectSecret = secret };
        await ConnectAsync();
        _hub.Refuses = _ => (503, "store_unavailable");

        await DropAsync();
        await FailAsync();

        await _connection.StopAsync();
        await Asked("websocket t1", $"websocket {secret}");
        _client.Log.Lines.Should().NotContain(line => line.Contains(secret));
    }

    private async Task ConnectAsync()
    {
        await _connection.StartAsync();
        await ConnectedAsync();
    }

    /// <summary>What the hub has called when a connection opened has been taken as soon as a later message is handled.</summary>
    private async Task ConnectedAsync()
    {
        await _states.NextAsync(change => change.State == PushState.Connected);
        await _hub.PublishAsync("after what it was told");
        await _handled.NextAsync();
    }

    private async Task DropAsync()
    {
        _hub.Drop();
        await Fixtures.Eventually.HoldsAsync(() => Task.FromResult(_connection.State == PushState.Reconnecting));
    }

    private async Task ComeBackAsync()
    {
        await NextAttemptAsync();
        await ConnectedAsync();
    }

    private async Task FailAsync()
    {
        await NextAttemptAsync();
        await Fixtures.Eventually.HoldsAsync(() => Task.FromResult(!_states.IsEmpty));
    }

    private async Task NextAttemptAsync()
    {
        var waiting = await _states.NextAsync(change => change.RetryIn is not null);
        _client.Time.Advance(waiting.RetryIn!.Value);
        await _states.NextAsync();
    }

    private async Task Asked(params string[] requests)
    {
        (await _hub.Requests.NextAsync(requests.Length)).Should().Equal(requests);
        _hub.Requests.IsEmpty.Should().BeTrue();
    }
}
