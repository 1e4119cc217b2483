using RealtimeHub.Client;
using RealtimeHub.Client.Resuming;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Client;

/// <summary>A client whose node is about to stop opens another connection before it closes the one that it has.</summary>
public sealed class MoveTests : IAsyncLifetime
{
    private const string Stopping = """{"type":7,"error":"node_stopping: This node is about to stop.","allowReconnect":true}""";
    private const string Replaced = """{"type":7,"error":"replaced: Another connection has replaced this one."}""";

    private readonly ScriptedHub _hub = new();
    private readonly ScriptedClient _client;
    private readonly Recording<StateChange> _states = new();
    private readonly Recording<ConnectionEnd> _ends = new();
    private readonly Recording<string> _handled = new();
    private PushClient _connection = null!;
    private int _secrets;

    public MoveTests() => _client = new ScriptedClient(_hub);

    public async Task InitializeAsync()
    {
        await _hub.InitializeAsync();
        _hub.Notices = () => new { reconnectSecret = $"s{++_secrets}" };
        _connection = new PushClient(_client.Options);
        _connection.OnState(_states.Add);
        _connection.OnEnded(_ends.Add);
        _connection.On("*", message => _handled.Add(message.Type));
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task It_opens_another_connection_with_its_secret_and_closes_the_old_one_when_the_other_has_resumed()
    {
        await ConnectAsync();
        var (asked, answers) = HoldAnswers();

        await _hub.CallAsync("Move");

        await asked;
        _hub.Connections.Should().Be(2, "the old one is open as long as the new one has not resumed");
        answers.SetResult();
        await OnlyOneIsLeftAsync();
        await HandlesAsync("on the new one");
        await Asked("websocket t1", "websocket s1");
        NothingIsTold();
    }

    [Fact]
    public async Task Each_message_is_handled_once_and_in_order_whatever_connections_there_are()
    {
        await ConnectAsync();
        await HandlesAsync("1");
        var (asked, answers) = HoldAnswers();
        var opens = new TaskCompletionSource();
        _hub.Delays = _ => opens.Task;

        await _hub.CallAsync("Move");
        await _hub.Requests.NextAsync(2);
        await HandlesAsync("2");
        opens.SetResult();
        await asked;
        await _hub.PublishAsync("3");
        await _hub.PushAsync(_hub.Log.PublishTransient("typing"));
        (await _handled.NextAsync()).Should().Be("typing", "it does not wait");
        answers.SetResult();
        await OnlyOneIsLeftAsync();
        await _hub.PublishAsync("4");

        (await _handled.NextAsync(2)).Should().Equal("3", "4");
        _handled.IsEmpty.Should().BeTrue();
        NothingIsTold();
    }

    [Fact]
    public async Task It_can_move_again_and_again()
    {
        await ConnectAsync();

        for (var move = 0; move < 5; move++)
        {
            await _hub.CallAsync("Move");
            await OpenedAsync(move + 2);
            await HandlesAsync($"{move}");
        }

        await Asked("websocket t1", "websocket s1", "websocket s2", "websocket s3", "websocket s4", "websocket s5");
        NothingIsTold();
    }

    [Fact]
    public async Task Without_a_secret_it_goes_on_until_the_hub_closes_its_connection()
    {
        _hub.Notices = () => null;
        await ConnectAsync();

        await _hub.CallAsync("Move");
        await HandlesAsync("still here");
        await _hub.CloseAsync(Stopping);
        await ComeBackAsync();

        await Asked("websocket t1", "websocket t2");
    }

    [Fact]
    public async Task Where_the_hub_does_not_know_the_secret_it_goes_on_and_asks_for_no_token_until_the_hub_closes_its_connection()
    {
        await ConnectAsync();
        _hub.Knows = credential => credential != "s1";

        await _hub.CallAsync("Move");
        await LoggedAsync("NotMoved");
        await HandlesAsync("still here");
        await Asked("websocket t1", "websocket s1");
        NothingIsTold();

        await _hub.CloseAsync(Stopping);
        await ComeBackAsync();
        await Asked("websocket t2");
    }

    [Fact]
    public async Task A_move_that_fails_is_tried_again_while_the_connection_is_open()
    {
        await ConnectAsync();
        _hub.Refuses = _ => (503, "node_draining");

        await _hub.CallAsync("Move");
        await LoggedAsync("NotMoved");
        await HandlesAsync("meanwhile");
        _hub.Refuses = _ => null;
        await PassTimeUntilAsync(() => _secrets == 2);

        await OnlyOneIsLeftAsync();
        await HandlesAsync("on the new one");
        NothingIsTold();
    }

    [Fact]
    public async Task A_close_of_the_old_one_while_the_new_one_opens_does_no_harm()
    {
        await ConnectAsync();
        var opens = new TaskCompletionSource();
        _hub.Delays = _ => opens.Task;
        await _hub.Requests.NextAsync();
        await _hub.CallAsync("Move");
        (await _hub.Requests.NextAsync()).Should().Be("websocket s1");

        await _hub.CloseAsync(Stopping);
        await _hub.PublishAsync("missed");
        await Eventually.HoldsAsync(() => Task.FromResult(_hub.Connections == 0));
        opens.SetResult();

        (await _handled.NextAsync()).Should().Be("missed");
        await HandlesAsync("on the new one");
        NothingIsTold();
    }

    [Fact]
    public async Task A_close_of_the_old_one_while_the_new_one_resumes_does_no_harm()
    {
        await ConnectAsync();
        var (asked, answers) = HoldAnswers();
        await _hub.CallAsync("Move");
        await asked;

        await _hub.CloseOldestAsync(Replaced);
        await _hub.PublishAsync("missed");
        answers.SetResult();

        (await _handled.NextAsync()).Should().Be("missed");
        await HandlesAsync("on the new one");
        NothingIsTold();
    }

    [Fact]
    public async Task If_the_new_one_drops_before_it_has_resumed_it_comes_back_as_after_any_drop()
    {
        await ConnectAsync();
        var (asked, answers) = HoldAnswers();
        await _hub.CallAsync("Move");
        await asked;
        await _hub.PublishAsync("missed");

        _hub.DropNewest();
        _hub.BeforeAnswer = _ => Task.CompletedTask;
        await ComeBackAsync();
        answers.SetResult();

        (await _handled.NextAsync()).Should().Be("missed");
        await Asked("websocket t1", "websocket s1", "websocket s2");
        await OnlyOneIsLeftAsync();
    }

    [Fact]
    public async Task A_connection_that_is_replaced_though_no_other_has_opened_lets_the_client_come_back()
    {
        await ConnectAsync();
        _hub.Refuses = _ => (502, null!);
        await _hub.CallAsync("Move");
        await LoggedAsync("NotMoved");

        await _hub.CloseAsync(Replaced);

        (await _ends.NextAsync()).Should().Be(new ConnectionEnd("replaced", "Another connection has replaced this one.", MayComeBack: true));
        _hub.Refuses = _ => null;
        await ComeBackAsync();
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_move_ends_both()
    {
        await ConnectAsync();
        var (asked, _) = HoldAnswers();
        await _hub.CallAsync("Move");
        await asked;
        _hub.Connections.Should().Be(2);

        await _connection.StopAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(_hub.Connections == 0));
        (await _states.NextAsync()).State.Should().Be(PushState.Stopped);
    }

    private async Task ConnectAsync()
    {
        await _connection.StartAsync();
        await _states.NextAsync(change => change.State == PushState.Connected);
        await HandlesAsync("after what it was told");
    }

    private async Task HandlesAsync(string type)
    {
        await _hub.PublishAsync(type);
        (await _handled.NextAsync()).Should().Be(type);
    }

    /// <summary>Holds the answer to the next <c>Resume</c> back until it is let go.</summary>
    private (Task Asked, TaskCompletionSource Answers) HoldAnswers()
    {
        var (asked, answers) = (new TaskCompletionSource(), new TaskCompletionSource());
        _hub.BeforeAnswer = (ResumeRequest _) =>
        {
            asked.TrySetResult();
            return answers.Task;
        };
        return (asked.Task.WaitAsync(TimeSpan.FromSeconds(30)), answers);
    }

    private async Task ComeBackAsync()
    {
        var waiting = await _states.NextAsync(change => change.RetryIn is not null);
        _client.Time.Advance(waiting.RetryIn!.Value);
        await _states.NextAsync(change => change.State == PushState.Connected);
    }

    private async Task OpenedAsync(int connections)
    {
        await Eventually.HoldsAsync(() => Task.FromResult(_secrets == connections));
        await OnlyOneIsLeftAsync();
    }

    private Task OnlyOneIsLeftAsync() => Eventually.HoldsAsync(() => Task.FromResult(_hub.Connections == 1));

    private Task LoggedAsync(string name) =>
        Eventually.HoldsAsync(() => Task.FromResult(_client.Log.Lines.Any(line => line.Contains($" {name}: "))));

    private Task PassTimeUntilAsync(Func<bool> holds) => Eventually.HoldsAsync(() =>
    {
        _client.Time.Advance(TimeSpan.FromSeconds(1));
        return Task.FromResult(holds());
    });

    private async Task Asked(params string[] requests)
    {
        (await _hub.Requests.NextAsync(requests.Length)).Should().Equal(requests);
        _hub.Requests.IsEmpty.Should().BeTrue();
    }

    private void NothingIsTold()
    {
        _states.IsEmpty.Should().BeTrue("the state stays connected");
        _ends.IsEmpty.Should().BeTrue("nobody needs to know of it");
    }
}
