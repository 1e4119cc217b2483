using RealtimeHub.Client;

namespace RealtimeHub.Tests.Client;

/// <summary>What the hub says as it closes a connection is told, and obeyed.</summary>
public sealed class EndedTests : IAsyncLifetime
{
    private const string Banned = """{"type":7,"error":"banned: You are banned until Monday."}""";
    private const string Stopping = """{"type":7,"error":"node_stopping: This node is about to stop. Connect again.","allowReconnect":true}""";

    private readonly ScriptedHub _hub = new();
    private readonly ScriptedClient _client;
    private readonly Recording<object> _told = new();
    private PushClient _connection = null!;

    public EndedTests() => _client = new ScriptedClient(_hub);

    public async Task InitializeAsync()
    {
        await _hub.InitializeAsync();
        _connection = new PushClient(_client.Options);
        _connection.OnState(_told.Add);
        _connection.OnEnded(_told.Add);
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_may_not_come_back_is_told_why_and_is_stopped()
    {
        await ConnectedAsync();

        await _hub.CloseAsync(Banned);

        (await _told.NextAsync()).Should().Be(new ConnectionEnd("banned", "You are banned until Monday.", MayComeBack: false));
        (await _told.NextAsync()).Should().BeOfType<StateChange>().Which.Should().BeEquivalentTo(new
        {
            State = PushState.Stopped,
            Previous = PushState.Connected,
            Error = new { Code = "banned", Reason = "You are banned until Monday.", MayComeBack = false },
            RetryIn = (TimeSpan?)null,
        });
        _connection.State.Should().Be(PushState.Stopped);
        _client.Time.Advance(TimeSpan.FromDays(1));
        await _connection.StopAsync();
        (await _hub.Requests.NextAsync()).Should().Be("websocket t1");
        _hub.Requests.IsEmpty.Should().BeTrue("it does not come back");
    }

    [Fact]
    public async Task A_client_that_may_come_back_is_told_why_and_does()
    {
        await ConnectedAsync();

        await _hub.CloseAsync(Stopping);

        (await _told.NextAsync()).Should().Be(new ConnectionEnd("node_stopping", "This node is about to stop. Connect again.", MayComeBack: true));
        var waiting = (await _told.NextAsync()).Should().BeOfType<StateChange>().Subject;
        waiting.Error.Should().BeOfType<EndedException>();
        _client.Time.Advance(waiting.RetryIn!.Value);
        await _told.NextAsync(told => told is StateChange { State: PushState.Connected });
    }

    [Theory]
    [InlineData("""{"type":7}""")]
    [InlineData("""{"type":7,"error":"Redis is away."}""")]
    public async Task A_close_without_a_code_is_nobody_s_decision_and_the_client_comes_back(string close)
    {
        await ConnectedAsync();

        await _hub.CloseAsync(close);

        var waiting = (await _told.NextAsync()).Should().BeOfType<StateChange>().Subject;
        _client.Time.Advance(waiting.RetryIn!.Value);
        await _told.NextAsync(told => told is StateChange { State: PushState.Connected });
    }

    [Fact]
    public async Task A_connection_that_is_ended_while_it_opens_fails_the_start_with_the_reason()
    {
        _hub.BeforeAnswer = async _ =>
        {
            await _hub.CloseAsync("""{"type":7,"error":"user_full: Close another connection first."}""");
            await new TaskCompletionSource().Task;
        };

        var starting = _connection.StartAsync();

        var failure = (await starting.Awaiting(task => task).Should().ThrowAsync<EndedException>()).Which;
        failure.Code.Should().Be("user_full");
        failure.Message.Should().Be("The hub ended the connection with user_full: Close another connection first.");
        (await _told.NextAsync(told => told is ConnectionEnd)).Should().Be(new ConnectionEnd("user_full", "Close another connection first.", MayComeBack: false));
    }

    [Fact]
    public async Task A_client_that_was_ended_can_be_started_again()
    {
        await ConnectedAsync();
        await _hub.CloseAsync(Banned);
        await _told.NextAsync(told => told is StateChange { State: PushState.Stopped });

        await _connection.StartAsync();

        _connection.State.Should().Be(PushState.Connected);
    }

    [Fact]
    public async Task A_handler_of_ends_may_start_the_client_again()
    {
        await ConnectedAsync();
        var starting = new TaskCompletionSource<Task>();
        _connection.OnEnded(_ => starting.TrySetResult(_connection.StartAsync()));

        await _hub.CloseAsync(Banned);

        await (await starting.Task);
        _connection.State.Should().Be(PushState.Connected);
    }

    [Fact]
    public async Task A_handler_that_was_taken_out_is_told_of_no_end()
    {
        var ends = new Recording<ConnectionEnd>();
        _connection.OnEnded(ends.Add).Dispose();
        await ConnectedAsync();

        await _hub.CloseAsync(Banned);

        await _told.NextAsync(told => told is StateChange { State: PushState.Stopped });
        ends.IsEmpty.Should().BeTrue();
    }

    private async Task ConnectedAsync()
    {
        await _connection.StartAsync();
        await _told.NextAsync(told => told is StateChange { State: PushState.Connected });
    }
}
