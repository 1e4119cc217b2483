using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Client;
using RealtimeHub.Client.Connecting;
using RealtimeHub.Client.Handling;
using RealtimeHub.Client.Resuming;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Client;

public sealed class ConnectorTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly ScriptedHub _hub = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Mailbox _mailbox =
        new(new HandlingQueue(new Dictionary<string, string>()), ResumeFrom.Head, new Dictionary<string, string>(), _ => false);
    private readonly ReconnectSecret _secret;
    private readonly List<OpenConnection> _opened = [];

    public ConnectorTests() => _secret = new ReconnectSecret(_time);

    public Task InitializeAsync() => _hub.InitializeAsync();

    public async Task DisposeAsync()
    {
        foreach (var connection in _opened)
        {
            await connection.DisposeAsync();
        }

        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task One_request_and_one_token_open_a_WebSocket()
    {
        await ConnectAsync(Connector(), 0);

        await Asked("websocket t1");
    }

    [Fact]
    public async Task Where_WebSockets_do_not_get_through_a_fresh_token_negotiates()
    {
        Block("websocket");

        await ConnectAsync(Connector(), 0);

        await Asked("websocket t1", "negotiate t2", "stream t2");
    }

    [Fact]
    public async Task Where_no_stream_gets_through_either_long_polling_does()
    {
        Block("websocket", "stream");

        await ConnectAsync(Connector(), 0);

        await Asked("websocket t1", "negotiate t2", "stream t2", "negotiate t3");
    }

    [Fact]
    public async Task Where_WebSockets_and_streams_stay_silent_long_polling_is_tried_after_10_seconds()
    {
        _hub.Delays = kind => kind is "websocket" or "stream" ? new TaskCompletionSource().Task : Task.CompletedTask;
        var connecting = ConnectAsync(Connector(), 0);

        await Asked("websocket t1");
        _time.Advance(Silence);
        await Asked("negotiate t2", "stream t2");
        _time.Advance(Silence);

        await connecting;
        await Asked("negotiate t3");
    }

    [Fact]
    public async Task A_hub_that_says_no_is_not_asked_on_another_transport()
    {
        _hub.Refuses = _ => (503, "store_unavailable");

        await FailureAsync(Connector(), 0);

        await Asked("websocket t1");
        _hub.Requests.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task A_hub_to_which_no_upgrade_gets_through_is_asked_on_another_transport()
    {
        _hub.Refuses = kind => kind == "websocket" ? (400, "connection_missing") : null;

        await ConnectAsync(Connector(), 0);

        await Asked("websocket t1", "negotiate t2", "stream t2");
    }

    [Fact]
    public async Task After_ten_minutes_the_best_is_tried_again()
    {
        var connector = Connector();
        Block("websocket");
        await ConnectAsync(connector, 0);
        await _hub.Requests.NextAsync(3);

        _time.Advance(TimeSpan.FromMinutes(10));
        Block();
        await ConnectAsync(connector, 1);

        await Asked("websocket t3");
    }

    [Fact]
    public async Task After_a_drop_only_the_mode_that_worked_is_tried()
    {
        var connector = Connector();
        Block("websocket");
        await ConnectAsync(connector, 0);
        await _hub.Requests.NextAsync(3);

        Block("websocket", "negotiate");
        await FailureAsync(connector, 1);

        await Asked("negotiate t3");
    }

    [Fact]
    public async Task Once_the_mode_that_worked_has_failed_the_other_is_tried_as_well()
    {
        var connector = Connector();
        Block("websocket");
        await ConnectAsync(connector, 0);
        await _hub.Requests.NextAsync(3);

        Block("negotiate");
        await ConnectAsync(connector, 2);

        await Asked("negotiate t3", "websocket t4");
    }

    [Fact]
    public async Task Where_another_node_knows_nothing_of_what_was_negotiated_a_WebSocket_is_tried()
    {
        var connector = Connector();
        Block("websocket");
        await ConnectAsync(connector, 0);
        await _hub.Requests.NextAsync(3);

        _hub.Refuses = kind => kind == "stream" ? (404, "connection_unknown") : null;
        await ConnectAsync(connector, 2);

        await Asked("negotiate t3", "stream t3", "websocket t4");
    }

    [Theory]
    [InlineData("websocket", "negotiate")]
    [InlineData("negotiate", "websocket")]
    public async Task The_hub_s_own_reason_is_told_wherever_it_refuses(string refused, string broken)
    {
        _hub.Refuses = kind => kind == refused ? (401, "token_spent") : kind == broken ? (502, null!) : null;

        var failure = await FailureAsync(Connector(), 0);

        failure.Should().BeOfType<RefusedException>().Which.Should()
            .BeEquivalentTo(new { Code = "token_spent", Status = System.Net.HttpStatusCode.Unauthorized });
        failure.Message.Should().Be("The hub refused the connection with 401 token_spent. As scripted.");
    }

    [Fact]
    public async Task A_refusal_of_the_hub_is_told_though_a_later_transport_failed_without_its_answer()
    {
        var negotiates = 0;
        _hub.Refuses = kind => kind switch
        {
            "stream" => (404, "connection_unknown"),
            "negotiate" when negotiates++ == 0 => null,
            _ => (502, null!),
        };

        var failure = await FailureAsync(Connector(), 0);

        failure.Code.Should().Be("connection_unknown");
        await Asked("websocket t1", "negotiate t2", "stream t2", "negotiate t3");
    }

    [Fact]
    public async Task An_answer_that_is_not_the_hub_s_is_told_from_a_refusal()
    {
        _hub.Refuses = _ => (502, null!);

        var failure = await FailureAsync(Connector(), 0);

        failure.Should().BeOfType<ConnectionException>().Which.Message.Should().Be($"Something other than a hub answered with status 502 at {_hub.Url}. Does the hub run behind that proxy?");
    }

    [Fact]
    public async Task Without_a_token_nothing_is_asked_of_the_hub()
    {
        var cause = new InvalidOperationException("no network");

        var failure = await FailureAsync(Connector(_ => throw cause), 0);

        failure.Should().BeOfType<ConnectionException>().Which.InnerException.Should().Be(cause);
        _hub.Requests.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task That_the_user_must_sign_in_again_is_passed_on()
    {
        var signIn = new SignInRequiredException();

        (await FailureAsync(Connector(_ => Task.FromException<AccessToken>(signIn)), 0)).Should().BeSameAs(signIn);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("line\nfeed")]
    [InlineData("a/b=")]
    [InlineData("")]
    [InlineData(null)]
    public async Task What_is_no_token_is_not_sent_and_not_repeated(string? token)
    {
        var failure = await FailureAsync(Connector(_ => Task.FromResult<AccessToken>(token!)), 0);

        failure.Should().BeOfType<ConnectionException>().Which.Message.Should().StartWith("The token source answered with something that is no token.");
        _hub.Requests.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task A_hub_that_says_nothing_on_any_transport_is_given_up()
    {
        _hub.Delays = _ => new TaskCompletionSource().Task;
        var failure = FailureAsync(Connector(), 0);

        await Asked("websocket t1");
        _time.Advance(Silence);
        await Asked("negotiate t2");
        _time.Advance(Silence);
        await Asked("negotiate t3");
        _time.Advance(Limit);

        (await failure).Message.Should().Be("The hub did not answer within 15 seconds.");
    }

    [Fact]
    public async Task A_token_source_that_never_answers_is_given_up_after_15_seconds()
    {
        var failure = FailureAsync(Connector(_ => new TaskCompletionSource<AccessToken>().Task), 0);

        _time.Advance(Limit);

        (await failure).Message.Should().Be("The token source did not answer within 15 seconds.");
    }

    [Fact]
    public async Task A_stop_ends_the_attempt_at_once()
    {
        _hub.Delays = _ => new TaskCompletionSource().Task;
        var attempt = Connector().Awaiting(connector => connector.ConnectAsync(0, _secret, _mailbox, _stop.Token)).Should()
            .ThrowAsync<OperationCanceledException>();
        await Asked("websocket t1");

        await _stop.CancelAsync();

        await attempt;
        _hub.Requests.IsEmpty.Should().BeTrue("no further token is asked for");
    }

    [Fact]
    public async Task Nobody_there_is_a_failed_connection()
    {
        var connector = Connector(url: new Uri($"http://127.0.0.1:{LoopbackPort.Next()}/hub"));

        (await FailureAsync(connector, 0)).Should().BeOfType<ConnectionException>().Which.Code.Should().Be("connection_failed");
    }

    private Connector Connector(TokenSource? tokens = null, Uri? url = null)
    {
        var provider = new TokenProvider(tokens ?? new ScriptedClient(_hub).NextTokenAsync, new AnswerTimeout(_time));
        return new Connector(new StockClient(url ?? _hub.Url, _ => { }), provider, new RenewalPolicy(() => 1), _time);
    }

    private async Task ConnectAsync(Connector connector, int attempt) =>
        _opened.Add(await connector.ConnectAsync(attempt, _secret, _mailbox, _stop.Token));

    private async Task<PushException> FailureAsync(Connector connector, int attempt) =>
        (await connector.Awaiting(to => to.ConnectAsync(attempt, _secret, _mailbox, _stop.Token)).Should().ThrowAsync<PushException>())
        .Which;

    private async Task Asked(params string[] requests) => (await _hub.Requests.NextAsync(requests.Length)).Should().Equal(requests);

    /// <summary>As a proxy does that lets them not through.</summary>
    private void Block(params string[] kinds) => _hub.Refuses = kind => kinds.Contains(kind) ? (502, null!) : null;
}
