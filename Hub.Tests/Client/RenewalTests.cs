using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Client;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Client;

/// <summary>A connection outlives its token, without a gap.</summary>
public sealed class RenewalTests : IAsyncLifetime
{
    private readonly ScriptedHub _hub = new();
    private readonly ScriptedClient _client;
    private readonly Recording<string> _handled = new();
    private readonly Recording<Exception> _errors = new();
    private readonly Recording<StateChange> _states = new();
    private PushClient _connection = null!;

    public RenewalTests() => _client = new ScriptedClient(_hub);

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

    [Theory]
    [InlineData("", "websocket")]
    [InlineData("websocket", "negotiate")]
    [InlineData("websocket,stream", "negotiate")]
    public async Task It_asks_on_every_transport_to_be_told_how_long_its_token_lives(string blocked, string opening)
    {
        _hub.Refuses = kind => blocked.Split(',').Contains(kind) ? (502, null!) : null;
        await _connection.StartAsync();

        var requests = await _hub.Requests.NextAsync(blocked.Length == 0 ? 1 : 2);

        requests[^1].Should().StartWith(opening);
        (await _hub.Queries.NextAsync(requests.Count)).Should().OnlyContain(query => query.Contains("connected=true"));
    }

    [Fact]
    public async Task It_renews_with_a_fresh_token_before_the_one_before_expires_again_and_again()
    {
        _hub.Renews = _ => Task.FromResult<object>(new { tokenLifetimeSeconds = 100 });
        await ConnectAsync(new { tokenLifetimeSeconds = 3600, unknown = "ignored" });

        _client.Time.Advance(TimeSpan.FromSeconds(3239));
        _hub.Renewals.IsEmpty.Should().BeTrue("the longest wait is 90 % of the time");
        _client.Time.Advance(TimeSpan.FromSeconds(1));
        (await _hub.Renewals.NextAsync()).Should().Be("t2");

        await RenewedAsync(1);
        _client.Time.Advance(TimeSpan.FromSeconds(90));
        (await _hub.Renewals.NextAsync()).Should().Be("t3");
        _connection.State.Should().Be(PushState.Connected);
        (await _hub.Requests.NextAsync()).Should().Be("websocket t1");
        _hub.Requests.IsEmpty.Should().BeTrue("the connection stays the same");
    }

    [Fact]
    public async Task A_token_that_lives_for_ever_is_not_renewed()
    {
        await ConnectAsync(new { });

        _client.Time.Advance(TimeSpan.FromDays(100));

        await HandlesAsync("later");
        _hub.Renewals.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task It_renews_at_once_when_the_hub_asks_for_it()
    {
        await ConnectAsync(new { });

        await _hub.CallAsync("Renew", new { withinSeconds = 30 });

        (await _hub.Renewals.NextAsync()).Should().Be("t2");
    }

    [Fact]
    public async Task A_renewal_that_fails_is_tried_again_after_waits_that_double_each_time_with_a_fresh_token()
    {
        _hub.Renews = token => token == "t4" ? Task.FromResult<object>(new { }) : throw new HubException("token_spent: This token was used before.");
        await ConnectAsync(new { });
        await _hub.CallAsync("Renew", new { withinSeconds = 30 });

        await FailedAsync(1);
        _client.Time.Advance(TimeSpan.FromSeconds(1));
        await FailedAsync(2);
        _client.Time.Advance(TimeSpan.FromSeconds(2));

        (await _hub.Renewals.NextAsync(3)).Should().Equal("t2", "t3", "t4");
        await RenewedAsync(1);
        _errors.IsEmpty.Should().BeTrue();
        _client.Log.Lines.Should().Contain(line => line.Contains("token_spent: This token was used before."));
    }

    [Fact]
    public async Task A_renewal_that_is_not_answered_is_tried_again()
    {
        var silence = new TaskCompletionSource<object>();
        _hub.Renews = token => token == "t2" ? silence.Task : Task.FromResult<object>(new { });
        await ConnectAsync(new { });
        await _hub.CallAsync("Renew", new { withinSeconds = 30 });
        await _hub.Renewals.NextAsync();

        _client.Time.Advance(TimeSpan.FromSeconds(15));
        await FailedAsync(1);
        _client.Time.Advance(TimeSpan.FromSeconds(1));

        silence.SetResult(new { });
        (await _hub.Renewals.NextAsync()).Should().Be("t3");
    }

    [Fact]
    public async Task Another_user_s_token_is_told_is_not_tried_again_and_the_connection_stays()
    {
        _hub.Renews = _ => throw new HubException("user_foreign: The token is for another user.");
        await ConnectAsync(new { });

        await _hub.CallAsync("Renew", new { withinSeconds = 30 });

        var error = (await _errors.NextAsync()).Should().BeOfType<RenewalException>().Subject;
        error.Code.Should().Be("user_foreign");
        error.Message.Should().Be("The hub has not renewed the connection: user_foreign: The token is for another user.");
        await StaysAsync(renewals: 1);
    }

    [Fact]
    public async Task That_the_user_must_sign_in_again_is_told_is_not_tried_again_and_the_connection_stays()
    {
        var signIn = new SignInRequiredException();
        var tokens = 0;
        Use(_client.Options with { Token = _ => tokens++ == 0 ? Task.FromResult<AccessToken>("t1") : throw signIn });
        await ConnectAsync(new { });

        await _hub.CallAsync("Renew", new { withinSeconds = 30 });

        (await _errors.NextAsync()).Should().BeSameAs(signIn);
        await StaysAsync(renewals: 0);
        tokens.Should().Be(2);
    }

    [Fact]
    public async Task What_has_failed_for_good_is_tried_again_when_the_hub_asks_again()
    {
        _hub.Renews = token =>
            token == "t2" ? throw new HubException("user_foreign: The token is for another user.") : Task.FromResult<object>(new { });
        await ConnectAsync(new { });
        await _hub.CallAsync("Renew", new { withinSeconds = 30 });
        await _errors.NextAsync();

        await _hub.CallAsync("Renew", new { withinSeconds = 30 });

        (await _hub.Renewals.NextAsync(2)).Should().Equal("t2", "t3");
    }

    [Fact]
    public async Task A_connection_that_is_over_is_not_renewed()
    {
        await ConnectAsync(new { tokenLifetimeSeconds = 100 });
        await _connection.StopAsync();
        _hub.Notices = () => null;
        await _connection.StartAsync();

        _client.Time.Advance(TimeSpan.FromSeconds(100));

        await HandlesAsync("later");
        _hub.Renewals.IsEmpty.Should().BeTrue();
    }

    private void Use(PushClientOptions options)
    {
        _connection = new PushClient(options);
        _connection.On("*", message => _handled.Add(message.Type));
        _connection.OnError(_errors.Add);
        _connection.OnState(_states.Add);
    }

    private async Task ConnectAsync(object notice)
    {
        _hub.Notices = () => notice;
        await _connection.StartAsync();
        await _states.NextAsync(change => change.State == PushState.Connected);
        await HandlesAsync("after what it was told");
    }

    /// <summary>What the hub has called before this has been taken then.</summary>
    private async Task HandlesAsync(string type)
    {
        await _hub.PublishAsync(type);
        (await _handled.NextAsync()).Should().Be(type);
    }

    private async Task StaysAsync(int renewals)
    {
        _client.Time.Advance(TimeSpan.FromHours(1));
        await HandlesAsync("still here");
        await _hub.Renewals.NextAsync(renewals);
        _hub.Renewals.IsEmpty.Should().BeTrue();
        _states.IsEmpty.Should().BeTrue("its state stays as it is");
    }

    private Task RenewedAsync(int times) => LoggedAsync("Renewed", times);

    private Task FailedAsync(int times) => LoggedAsync("NotRenewedYet", times);

    private Task LoggedAsync(string name, int times) => Eventually.HoldsAsync(
        () => Task.FromResult(_client.Log.Lines.Count(line => line.Contains($" {name}: ")) == times));
}
