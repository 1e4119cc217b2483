using RealtimeHub.Client;

namespace RealtimeHub.Tests.Client;

/// <summary>Every handler may be async, and what it throws goes to <c>OnError</c>.</summary>
public sealed class AsyncHandlerTests : IAsyncLifetime
{
    private readonly ScriptedHub _hub = new();
    private readonly Recording<string> _told = new();
    private ScriptedClient _client = null!;
    private PushClient _connection = null!;

    public async Task InitializeAsync()
    {
        await _hub.InitializeAsync();
        _client = new ScriptedClient(_hub);
        _connection = new PushClient(
            _client.Options with { From = ResumeFrom.Retained, Cursors = new Dictionary<string, string> { [ScriptedHub.Alice] = "7-7" } });
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_any_of_them_throws_goes_to_OnError_and_everything_goes_on(bool isAsync)
    {
        _connection.OnError(error => Later(() => _told.Add(error.Message)));
        if (isAsync)
        {
            _connection.OnState(change => Later(() => Throw($"{change.State}")));
            _connection.OnLost(loss => Later(() => Throw("lost")));
            _connection.On("order", message => Later(() => Throw("message")));
            _connection.On("order", ClientJson.Default.DictionaryStringString, message => Later(() => Throw("order")));
        }
        else
        {
            _connection.OnState((StateChange change) => Throw($"{change.State}"));
            _connection.OnLost((Loss loss) => Throw("lost"));
            _connection.On("order", (PushMessage message) => Throw("message"));
            _connection.On("order", ClientJson.Default.DictionaryStringString, (PushMessage<Dictionary<string, string>> message) => Throw("order"));
        }

        await _connection.StartAsync();
        await _hub.PublishAsync("order", """{"id":"7"}""");

        (await _told.NextAsync(5)).Should().BeEquivalentTo("Connecting", "Connected", "lost", "message", "order");
        _connection.State.Should().Be(PushState.Connected);
    }

    [Fact]
    public async Task What_a_handler_of_errors_throws_later_is_logged()
    {
        _connection.OnError(_ => Later(() => Throw("of the handler of errors")));
        _connection.OnState(change => Later(() => Throw($"{change.State}")));

        await _connection.StartAsync();

        await Fixtures.Eventually.HoldsAsync(
            () => Task.FromResult(_client.Log.Errors.Any(line => line.Contains("of the handler of errors", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Steps_are_told_in_their_order_however_long_a_handler_takes()
    {
        var release = new TaskCompletionSource();
        _connection.OnState(async change =>
        {
            await release.Task;
            _told.Add($"{change.State}");
        });

        await _connection.StartAsync();
        await _connection.StopAsync();
        release.SetResult();

        (await _told.NextAsync(3)).Should().Equal("Connecting", "Connected", "Stopped");
    }

    [Fact]
    public async Task A_handler_of_steps_may_stop_the_connection_and_wait_for_that()
    {
        _connection.OnState(async change =>
        {
            if (change.State == PushState.Connected)
            {
                await _connection.StopAsync();
                _told.Add("stopped");
            }
        });

        await _connection.StartAsync();

        (await _told.NextAsync()).Should().Be("stopped");
        await Fixtures.Eventually.HoldsAsync(() => Task.FromResult(_hub.Connections == 0));
    }

    private static async Task Later(Action action)
    {
        await Task.Yield();
        action();
    }

    private static void Throw(string message) => throw new InvalidOperationException(message);
}
