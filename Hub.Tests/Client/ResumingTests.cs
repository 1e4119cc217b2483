using Microsoft.AspNetCore.SignalR;
using RealtimeHub.Client;

namespace RealtimeHub.Tests.Client;

public sealed class ResumingTests : IAsyncLifetime
{
    private readonly ScriptedHub _hub = new();
    private readonly Recording<string> _handled = new();
    private readonly Recording<StateChange> _states = new();
    private readonly ScriptedClient _client;
    private PushClient _connection = null!;

    public ResumingTests() => _client = new ScriptedClient(_hub);

    public async Task InitializeAsync()
    {
        await _hub.InitializeAsync();
        Use(_client.Options);
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task It_asks_for_everything_as_soon_as_it_is_connected_and_begins_at_the_head()
    {
        _hub.Log.Publish("before");

        await _connection.StartAsync();
        await _hub.PublishAsync("after");

        (await _hub.Calls.NextAsync()).Should().Be("""{"cursors":{},"from":"head"}""");
        (await _handled.NextAsync()).Should().Be("after");
    }

    [Fact]
    public async Task It_goes_on_from_the_cursors_that_the_application_has_kept()
    {
        var cursor = _hub.Log.Publish("handled before").Id;
        _hub.Log.Publish("missed");
        Use(_client.Options with { Cursors = new Dictionary<string, string> { [ScriptedHub.Alice] = cursor }, From = ResumeFrom.Retained });

        await _connection.StartAsync();

        (await _hub.Calls.NextAsync()).Should().Be($$"""{"cursors":{"user:alice":"{{cursor}}"},"from":"retained"}""");
        (await _handled.NextAsync()).Should().Be("missed");
    }

    [Fact]
    public async Task It_misses_nothing_since_the_token_was_minted()
    {
        var minted = _hub.Log.Head;
        _hub.Log.Publish("since then");
        Use(_client.Options with
        {
            Token = _ => Task.FromResult(
            new AccessToken("t1") { Cursors = new Dictionary<string, string> { [ScriptedHub.Alice] = minted } })
        });

        await _connection.StartAsync();

        (await _handled.NextAsync()).Should().Be("since then");
    }

    [Fact]
    public async Task The_cursors_of_a_later_token_do_not_skip_what_is_missing()
    {
        Use(_client.Options with
        {
            Token = _ => Task.FromResult(
            new AccessToken("t") { Cursors = new Dictionary<string, string> { [ScriptedHub.Alice] = _hub.Log.Head } })
        });
        await _connection.StartAsync();
        _hub.Drop();
        var waiting = await _states.NextAsync(change => change.RetryIn is not null);
        _hub.Log.Publish("missed");

        _client.Time.Advance(waiting.RetryIn!.Value);

        (await _handled.NextAsync()).Should().Be("missed");
    }

    [Fact]
    public async Task The_start_is_over_when_it_has_resumed()
    {
        var gate = new TaskCompletionSource();
        _hub.BeforeAnswer = _ => gate.Task;
        var started = _connection.StartAsync();
        await _hub.Calls.NextAsync();
        _connection.State.Should().Be(PushState.Connecting);
        started.IsCompleted.Should().BeFalse();

        gate.SetResult();

        await started;
    }

    [Fact]
    public async Task What_comes_live_while_it_resumes_is_handled_once_and_in_its_place()
    {
        Use(_client.Options with { From = ResumeFrom.Retained });
        _hub.Log.Publish("1");
        _hub.BeforeAnswer = async _ =>
        {
            _hub.Log.Publish("2");
            await _hub.PublishAsync("3");
        };

        await _connection.StartAsync();
        await _hub.PublishAsync("4");

        (await _handled.NextAsync(4)).Should().Equal("1", "2", "3", "4");
    }

    [Fact]
    public async Task What_was_published_while_it_was_away_is_handled_in_order()
    {
        await _connection.StartAsync();
        await _hub.PublishAsync("1");
        _hub.Drop();
        await _states.NextAsync(change => change.RetryIn is not null);
        _hub.Log.Publish("2");
        _hub.Log.Publish("3");

        _client.Time.Advance(TimeSpan.FromSeconds(1));
        await _states.NextAsync(change => change is { State: PushState.Connected, Previous: PushState.Reconnecting });
        await _hub.PublishAsync("4");

        (await _handled.NextAsync(4)).Should().Equal("1", "2", "3", "4");
    }

    [Fact]
    public async Task Pages_are_fetched_until_the_last()
    {
        for (var number = 0; number < 10; number++)
        {
            _hub.Log.Publish($"{number}");
        }

        _hub.Logs.Room = 3;
        Use(_client.Options with { From = ResumeFrom.Retained });

        await _connection.StartAsync();

        (await _handled.NextAsync(10)).Should().Equal(Enumerable.Range(0, 10).Select(number => $"{number}"));
        (await _hub.Calls.NextAsync(4)).Should().OnlyContain(call => call.Contains("\"from\":\"retained\""));
    }

    [Fact]
    public async Task A_loss_is_announced_in_its_place_and_logged()
    {
        Use(_client.Options with { Cursors = new Dictionary<string, string> { [ScriptedHub.Alice] = _hub.Log.Head } });
        _hub.Log.Publish("gone");
        _hub.Log.Publish("left");
        _hub.Log.Trim(1);

        await _connection.StartAsync();
        await _hub.PublishAsync("next");

        (await _handled.NextAsync(3)).Should().Equal("lost user:alice", "left", "next");
        _client.Log.Lines.Should().ContainSingle(line => line.Contains("Lost: Messages of user:alice are lost"));
    }

    [Fact]
    public async Task A_head_that_differs_is_caught_up_with()
    {
        await _connection.StartAsync();
        _hub.Log.Publish("missed");

        await _hub.TellHeadAsync();

        (await _handled.NextAsync()).Should().Be("missed");
    }

    [Fact]
    public async Task A_resume_that_fails_later_closes_the_connection_and_the_next_one_misses_nothing()
    {
        await _connection.StartAsync();
        await _hub.Calls.NextAsync();
        _hub.BeforeAnswer = _ => throw new HubException("store_unavailable");
        _hub.Log.Publish("missing");
        await _hub.PublishAsync("seen");
        var waiting = await _states.NextAsync(change => change.RetryIn is not null);

        waiting.Should().BeEquivalentTo(new { State = PushState.Reconnecting, Error = new { Code = "connection_failed" } });
        _hub.BeforeAnswer = _ => Task.CompletedTask;
        _client.Time.Advance(TimeSpan.FromSeconds(1));

        (await _handled.NextAsync(2)).Should().Equal("missing", "seen");
    }

    [Fact]
    public async Task The_cursors_are_those_of_what_was_handled()
    {
        var gate = new TaskCompletionSource();
        _connection.On("slow", _ => gate.Task);
        await _connection.StartAsync();
        await _hub.PublishAsync("quick");
        var quick = _hub.Log.Head;
        await _hub.PublishAsync("slow");
        await _handled.NextAsync();
        await Fixtures.Eventually.HoldsAsync(() => Task.FromResult(_connection.Cursors[ScriptedHub.Alice] == quick));

        _connection.Cursors.Should().Equal(new Dictionary<string, string> { [ScriptedHub.Alice] = quick });
        gate.SetResult();
        await Fixtures.Eventually.HoldsAsync(() => Task.FromResult(_connection.Cursors[ScriptedHub.Alice] == _hub.Log.Head));
    }

    [Fact]
    public async Task Another_connection_goes_on_where_this_one_was_stopped()
    {
        await _connection.StartAsync();
        await _hub.PublishAsync("1");
        await _handled.NextAsync();
        await _connection.StopAsync();
        _hub.Log.Publish("2");

        Use(_client.Options with { Cursors = _connection.Cursors });
        await _connection.StartAsync();

        (await _handled.NextAsync()).Should().Be("2");
    }

    [Fact]
    public async Task Another_user_s_cursor_is_forgotten()
    {
        Use(_client.Options with { Cursors = new Dictionary<string, string> { ["user:bob"] = "1-1" } });

        await _connection.StartAsync();

        await Fixtures.Eventually.HoldsAsync(() => Task.FromResult(!_connection.Cursors.ContainsKey("user:bob")));
        _connection.Cursors.Should().ContainKey(ScriptedHub.Alice);
        _handled.IsEmpty.Should().BeTrue();
    }

    [Theory]
    [InlineData("mine")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Where_something_else_was_kept_for_a_cursor_a_loss_is_told_before_what_is_left(string? kept)
    {
        _hub.Log.Publish("left");
        Use(_client.Options with { Cursors = new Dictionary<string, string> { [ScriptedHub.Alice] = kept! }, From = ResumeFrom.Retained });

        await _connection.StartAsync();

        (await _hub.Calls.NextAsync()).Should().Be("""{"cursors":{},"from":"retained"}""");
        (await _handled.NextAsync()).Should().Be($"lost {ScriptedHub.Alice}");
        (await _handled.NextAsync()).Should().Be("left");
    }

    [Fact]
    public async Task A_loss_is_told_although_the_token_brings_a_cursor()
    {
        var minted = new Dictionary<string, string> { [ScriptedHub.Alice] = _hub.Log.Head };
        Use(_client.Options with
        {
            Cursors = new Dictionary<string, string> { [ScriptedHub.Alice] = "mine" },
            Token = _ => Task.FromResult(new AccessToken("t1") { Cursors = minted }),
        });

        await _connection.StartAsync();

        (await _handled.NextAsync()).Should().Be($"lost {ScriptedHub.Alice}");
    }

    [Fact]
    public async Task Twenty_thousand_cursors_lock_nobody_out_they_are_thrown_away_and_the_loss_is_told()
    {
        var kept = Enumerable.Range(0, 20_000).ToDictionary(number => $"group:{number}", _ => "1-1");
        kept[ScriptedHub.Alice] = _hub.Log.Head;
        kept["nowhere"] = "1-1";
        Use(_client.Options with { Cursors = kept });

        await _connection.StartAsync();

        (await _hub.Calls.NextAsync()).Should().Be("""{"cursors":{},"from":"head"}""");
        (await _handled.NextAsync()).Should().Be($"lost {ScriptedHub.Alice}");
        await Fixtures.Eventually.HoldsAsync(() => Task.FromResult(_connection.Cursors.Count == 1));
        _connection.Cursors.Should().Equal(new Dictionary<string, string> { [ScriptedHub.Alice] = _hub.Log.Head });
    }

    private void Use(PushClientOptions options)
    {
        _connection = new PushClient(options);
        _connection.OnState(_states.Add);
        _connection.OnLost(loss => Handled($"lost {loss.Address}"));
        _connection.On("*", message => Handled(message.Type));
    }

    private Task Handled(string word)
    {
        _handled.Add(word);
        return Task.CompletedTask;
    }
}
