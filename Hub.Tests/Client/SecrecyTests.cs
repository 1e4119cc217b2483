using RealtimeHub.Client;

namespace RealtimeHub.Tests.Client;

public sealed class SecrecyTests : IAsyncLifetime
{
    private readonly string _token = "wstoken" + new string('S', 43);
    private readonly ScriptedHub _hub = new();
    private readonly ScriptedClient _client;

    public SecrecyTests() => _client = new ScriptedClient(_hub);

    public Task InitializeAsync() => _hub.InitializeAsync();

    public Task DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [InlineData("websocket")]
    [InlineData("websocket,negotiate")]
    [InlineData("websocket,stream")]
    [InlineData("")]
    public async Task No_log_line_and_no_exception_holds_a_secret(string refused)
    {
        _hub.Refuses = kind => refused.Split(',').Contains(kind) ? (401, "token_unknown") : null;
        var steps = new Recording<StateChange>();
        await using var connection = new PushClient(_client.Options with { Token = _ => Task.FromResult<AccessToken>(_token) });
        connection.OnState(steps.Add);
        _ = connection.StartAsync();
        var step = await steps.NextAsync(change => change.RetryIn is not null || change.State == PushState.Connected);

        _hub.Drop();
        await connection.StopAsync();

        (await _hub.Requests.NextAsync()).Should().Be($"websocket {_token}", "the header carries it");
        $"{step.Error}".Should().NotContain(_token).And.NotContain("id=");
        _client.Log.Lines.Should().NotBeEmpty();
        _client.Log.Leaks.Should().BeEmpty();
    }
}
