using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeHub.Client;
using RealtimeHub.Connections;
using RealtimeHub.Control;
using RealtimeHub.Presence;
using RealtimeHub.Routing;
using RealtimeHub.Publishing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Client;

/// <summary>The client with the real server.</summary>
public sealed class RealHubTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static int _users;

    private readonly string _user = $"client {Interlocked.Increment(ref _users)}";
    private readonly Recording<string> _handled = new();
    private readonly Recording<StateChange> _states = new();
    private readonly Log _log = new();

    private Address User => Address.User(_user);

    [Fact]
    public async Task What_is_published_right_after_the_start_arrives()
    {
        await using var connection = ConnectionTo(nodes.First.Address);
        await connection.StartAsync();

        await PublishAsync(nodes.Second, User, "now");

        (await _handled.NextAsync()).Should().Be($"{User} now");
    }

    [Fact]
    public async Task It_asks_for_nothing_when_it_is_new_or_has_missed_nothing_and_resumes_when_it_has()
    {
        var calls = new Recording<string>();
        await using var node = new Node(("Redis:Connection", nodes.Redis.Connection))
        {
            Additions = services => services.Configure<HubOptions<PushHub>>(options => options.AddFilter(new Asking(calls))),
        };
        await using var connection = ConnectionTo(node.Address);

        await connection.StartAsync();
        await PublishAsync(nodes.Second, User, "now");
        (await _handled.NextAsync()).Should().Be($"{User} now");
        await connection.StopAsync();
        await connection.StartAsync();
        calls.IsEmpty.Should().BeTrue();

        await connection.StopAsync();
        await PublishAsync(nodes.Second, User, "missed");
        await connection.StartAsync();

        (await _handled.NextAsync()).Should().Be($"{User} missed");
        (await calls.NextAsync()).Should().Be("Resume");
        calls.IsEmpty.Should().BeTrue();
    }

    [Theory]
    [InlineData("hub", "realtimehub-dotnet/0.1.0")]
    [InlineData("hub?page=7", "realtimehub-dotnet/0.1.0")]
    [InlineData("hub?client=shop%2F3.1", "shop/3.1")]
    public async Task It_tells_the_hub_what_it_is_unless_the_app_has_said_more_in_the_address(string path, string told)
    {
        await using var connection = ConnectionTo(
            nodes.First.Address, options => options with { Url = new Uri(nodes.First.Address, path) });
        await connection.StartAsync();

        var connections = nodes.Second.Services.GetRequiredService<IConnections>();
        await Eventually.HoldsAsync(async () => (await connections.GetAsync(_user)).Online);

        (await connections.GetAsync(_user)).Connections.Select(client => client.Client).Should().Equal(told);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_resumes_on_every_transport(bool streams)
    {
        await using var proxy = await ProxyWithoutWebSockets.StartAsync(nodes.First.Address, streams);
        await PublishAsync(nodes.Second, User, "before");
        await using var connection = ConnectionTo(proxy.Address, options => options with { From = ResumeFrom.Retained });

        await connection.StartAsync();
        await PublishAsync(nodes.Second, User, "after");
        (await _handled.NextAsync(2)).Should().Equal($"{User} before", $"{User} after");

        await connection.StopAsync();
        await PublishAsync(nodes.Second, User, "away");
        await connection.StartAsync();
        (await _handled.NextAsync()).Should().Be($"{User} away");
    }

    [Fact]
    public async Task What_is_published_while_it_is_away_arrives_in_order_on_whichever_node_it_comes_back_to()
    {
        await using var wire = new Wire(TimeSpan.Zero, nodes.First.Address.Port, nodes.Second.Address.Port);
        await using var connection = ConnectionTo(new Uri($"http://127.0.0.1:{wire.Port}"));
        await connection.StartAsync();

        for (var drop = 0; drop < 3; drop++)
        {
            await PublishAsync(nodes.First, User, $"{drop} here");
            await wire.WhileClosedAsync(async () =>
            {
                await _states.NextAsync(change => change.State == PushState.Reconnecting);
                await PublishAsync(nodes.First, User, $"{drop} away");
                await PublishAsync(nodes.Second, User, $"{drop} still away");
            });
            await _states.NextAsync(change => change.State == PushState.Connected);
            await PublishAsync(nodes.Second, User, $"{drop} back");
        }

        (await _handled.NextAsync(12)).Should().Equal(
            Enumerable.Range(0, 3).SelectMany(drop => new[] { $"{User} {drop} here", $"{User} {drop} away", $"{User} {drop} still away", $"{User} {drop} back" }));
        _handled.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task It_gets_what_goes_to_its_user_its_groups_and_everyone()
    {
        var group = Address.Group($"of {_user}");
        await using var connection = ConnectionTo(nodes.First.Address, options => options with { Token = _ => TokenAsync($"of {_user}") });
        await connection.StartAsync();

        await PublishAsync(nodes.Second, User, "mine");
        await PublishAsync(nodes.Second, group, "ours");
        await PublishAsync(nodes.Second, Address.Everyone, "all", new PublishOptions { Transient = true });

        (await _handled.NextAsync(3)).Should().BeEquivalentTo($"{User} mine", $"{group} ours", "everyone all");
        connection.Cursors.Keys.Should().BeEquivalentTo($"{User}", $"{group}", "everyone");
    }

    [Fact]
    public async Task A_loss_is_announced_before_what_is_left()
    {
        await using var node = new Node(("Routing:MaxMessages", "2"));
        await using var connection = ConnectionTo(node.Address, options => options with { Token = async _ => await node.MintAsync(_user) });
        await connection.StartAsync();
        await PublishAsync(node, User, "seen");
        (await _handled.NextAsync()).Should().Be($"{User} seen");
        await connection.StopAsync();
        foreach (var type in (string[])["1", "2", "3", "4"])
        {
            await PublishAsync(node, User, type);
        }

        await connection.StartAsync();

        (await _handled.NextAsync(3)).Should().Equal($"{User} lost", $"{User} 3", $"{User} 4");
    }

    [Fact]
    public async Task With_a_token_from_a_web_app_nothing_is_missed_since_it_was_minted()
    {
        using var http = new HttpClient();
        var tokens = TokenEndpoint.At(http, new Uri(nodes.First.Address, $"demo/token?user={Uri.EscapeDataString(_user)}"));
        await using var connection = ConnectionTo(nodes.Second.Address, options => options with
        {
            Token = async cancellationToken =>
            {
                var token = await tokens(cancellationToken);
                await PublishAsync(nodes.First, User, "since then");
                return token;
            },
        });

        await connection.StartAsync();

        (await _handled.NextAsync()).Should().Be($"{User} since then");
    }

    [Fact]
    public async Task More_than_a_page_arrives_whole_and_in_order()
    {
        await nodes.First.Publisher.PublishAsync(
            [.. Enumerable.Range(0, 900).Select(number => Publication.Of(User, $"{number}", new string('x', 1_000)))]);
        await using var connection = ConnectionTo(nodes.First.Address, options => options with { From = ResumeFrom.Retained });

        await connection.StartAsync();

        (await _handled.NextAsync(900)).Should().Equal(Enumerable.Range(0, 900).Select(number => $"{User} {number}"));
    }

    [Fact]
    public async Task Nothing_is_missing_twice_or_out_of_order_while_the_way_is_cut_again_and_again()
    {
        const int count = 2_000;
        await using var wire = new Wire(TimeSpan.Zero, nodes.First.Address.Port, nodes.Second.Address.Port);
        await using var connection = ConnectionTo(
            new Uri($"http://127.0.0.1:{wire.Port}"), options => options
                with
            { Retry = new() { First = TimeSpan.FromMilliseconds(1), Max = TimeSpan.FromMilliseconds(50) } });
        await connection.StartAsync();

        for (var number = 0; number < count; number++)
        {
            await PublishAsync(number % 2 == 0 ? nodes.First : nodes.Second, User, $"{number}");
            if (number % 200 == 100)
            {
                wire.Cut(0);
            }
        }

        (await _handled.NextAsync(count)).Should().Equal(Enumerable.Range(0, count).Select(number => $"{User} {number}"));
    }

    [Fact]
    public async Task Another_user_who_signs_in_gets_nothing_of_the_one_before()
    {
        var user = _user;
        await using var connection =
            ConnectionTo(nodes.First.Address, options => options with { Token = async _ => await nodes.First.MintAsync(user) });
        await connection.StartAsync();
        await connection.StopAsync();
        await PublishAsync(nodes.First, User, "for the one before");

        user = $"{_user} other";
        await connection.StartAsync();
        await PublishAsync(nodes.First, Address.User(user), "for the other");

        (await _handled.NextAsync()).Should().Be($"user:{user} for the other");
        connection.Cursors.Should().NotContainKey($"{User}");
    }

    [Fact]
    public async Task A_token_that_was_used_before_is_refused_by_that_name()
    {
        var token = await nodes.First.MintAsync(_user);
        await using var first =
            ConnectionTo(nodes.First.Address, options => options with { Token = _ => Task.FromResult<AccessToken>(token) });
        await first.StartAsync();
        await using var second =
            ConnectionTo(nodes.First.Address, options => options with { Token = _ => Task.FromResult<AccessToken>(token) });

        _ = second.StartAsync();

        var failed = await _states.NextAsync(change => change.RetryIn is not null);
        failed.Error.Should().BeOfType<RefusedException>().Which.Code.Should().Be("token_spent");
        _log.Leaks.Should().BeEmpty();
    }

    [Fact]
    public async Task Who_is_banned_on_another_node_is_told_until_when_is_stopped_and_does_not_get_in_again()
    {
        var ends = new Recording<ConnectionEnd>();
        await using var connection = ConnectionTo(nodes.First.Address);
        connection.OnEnded(ends.Add);
        await connection.StartAsync();
        var control = nodes.Second.Services.GetRequiredService<IConnectionControl>();

        await control.BanAsync(_user, TimeProvider.System.GetUtcNow().AddHours(1), "You are banned for an hour.");

        (await ends.NextAsync()).Should().Be(new ConnectionEnd("banned", "You are banned for an hour.", MayComeBack: false));
        await _states.NextAsync(change => change.State == PushState.Stopped);
        (await connection.Awaiting(banned => banned.StartAsync()).Should().ThrowAsync<EndedException>()).Which.Code.Should().Be("banned");
    }

    [Fact]
    public async Task However_often_the_way_is_cut_it_comes_back_to_whichever_node_and_asks_its_web_app_for_one_token()
    {
        var tokens = 0;
        await using var wire = new Wire(TimeSpan.Zero, nodes.First.Address.Port, nodes.Second.Address.Port);
        await using var connection = ConnectionTo(new Uri($"http://127.0.0.1:{wire.Port}"), options => options with
        {
            Token = _ =>
            {
                tokens++;
                return TokenAsync();
            },
        });
        await connection.StartAsync();

        for (var cut = 0; cut < 5; cut++)
        {
            await _states.NextAsync(change => change.State == PushState.Connected);
            await PublishAsync(nodes.First, User, $"{cut}");
            (await _handled.NextAsync()).Should().Be($"{User} {cut}");
            wire.Cut(0);
        }

        await _states.NextAsync(change => change.State == PushState.Connected);
        tokens.Should().Be(1);
        _log.Lines.Should().NotContain(line => line.Contains("wsreconnect"));
    }

    private PushClient ConnectionTo(Uri address, Func<PushClientOptions, PushClientOptions>? change = null)
    {
        var options = new PushClientOptions
        {
            Url = new Uri(address, "hub"),
            Token = _ => TokenAsync(),
            Retry = new() { First = TimeSpan.FromMilliseconds(50) },
            LoggerFactory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log)),
        };
        var connection = new PushClient(change is null ? options : change(options));
        connection.OnState(_states.Add);
        connection.OnLost(loss => Handled($"{loss.Address} lost"));
        connection.On("*", message => Handled($"{message.Address} {message.Type}"));
        return connection;
    }

    private async Task<AccessToken> TokenAsync(params string[] groups) => await nodes.First.MintAsync(_user, groups);

    private Task Handled(string word)
    {
        _handled.Add(word);
        return Task.CompletedTask;
    }

    private static Task<string> PublishAsync(Node node, Address address, string type, PublishOptions? options = null) =>
        node.Publisher.PublishAsync(address, type, new { }, options);

    /// <summary>Sees each call of a client.</summary>
    /// <summary>Records what a client asks the hub for. What it has handled, it only tells.</summary>
    private sealed class Asking(Recording<string> calls) : IHubFilter
    {
        public ValueTask<object?> InvokeMethodAsync(
            HubInvocationContext context, Func<HubInvocationContext, ValueTask<object?>> next)
        {
            if (context.HubMethodName != nameof(PushHub.Handled))
            {
                calls.Add(context.HubMethodName);
            }

            return next(context);
        }
    }
}
