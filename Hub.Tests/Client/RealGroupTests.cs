using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeHub.Client;
using RealtimeHub.Connections;
using RealtimeHub.Control;
using RealtimeHub.Delivery;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using TokenRecord = RealtimeHub.Tokens.TokenRecord;

namespace RealtimeHub.Tests.Client;

/// <summary>The client in groups of its own, with the real server.</summary>
public sealed class RealGroupTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static int _users;

    private readonly string _user = $"member {Interlocked.Increment(ref _users)}";
    private readonly Recording<string> _handled = new();
    private readonly Recording<Exception> _errors = new();
    private readonly Recording<StateChange> _states = new();
    private readonly Log _log = new();
    private string[] _mayJoin = ["room *"];

    private string Room => $"room of {_user}";

    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_gets_what_is_published_while_it_is_in_a_group_on_every_transport(bool? streams)
    {
        await using var proxy = streams is { } only ? await ProxyWithoutWebSockets.StartAsync(nodes.First.Address, only) : null;
        await using var client = ClientTo(proxy?.Address ?? nodes.First.Address);
        await client.StartAsync();
        await PublishAsync("before");
        await client.JoinAsync(Room);
        await PublishAsync("1");
        (await _handled.NextAsync()).Should().Be("1");

        await EndAsync();
        await PublishAsync("2");
        (await _handled.NextAsync()).Should().Be("2", "it joins again and has missed nothing");

        await client.LeaveAsync(Room);
        await PublishAsync("after");
        await nodes.Second.Publisher.PublishAsync(Address.User(_user), "last", new { });
        (await _handled.NextAsync()).Should().Be("last");
    }

    [Fact]
    public async Task Nothing_is_missing_twice_or_out_of_order_while_the_way_is_cut_again_and_again()
    {
        const int count = 1_000;
        await using var wire = new Wire(TimeSpan.Zero, nodes.First.Address.Port, nodes.Second.Address.Port);
        await using var client = ClientTo(new Uri($"http://127.0.0.1:{wire.Port}"));
        await client.StartAsync();
        await client.JoinAsync(Room);

        for (var number = 0; number < count; number++)
        {
            await PublishAsync($"{number}", number % 2 == 0 ? nodes.First : nodes.Second);
            if (number % 100 == 50)
            {
                wire.Cut(0);
            }
        }

        (await _handled.NextAsync(count)).Should().Equal(Enumerable.Range(0, count).Select(number => $"{number}"));
        _errors.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task When_its_node_dies_it_joins_on_another_and_has_missed_nothing()
    {
        await using var processes = await TwoProcesses.StartAsync();
        await using var other = processes.Backend.ClientFor("whoever is on the second node, which has compiled its ways then");
        await other.StartAsync();
        await using var wire = new Wire(TimeSpan.Zero, [.. processes.Ports.Reverse()]);
        await using var client = ClientTo(new Uri($"http://127.0.0.1:{wire.Port}"), _ => MintByApiAsync(processes.Backend));
        await client.StartAsync();
        await client.JoinAsync(Room);
        await PublishByApiAsync(processes.Backend, "1");
        (await _handled.NextAsync()).Should().Be("1");

        await processes.KillFirstAsync();
        await PublishByApiAsync(processes.Backend, "2");
        await _states.NextAsync(change => change.State == PushState.Reconnecting);
        await _states.NextAsync(change => change.State == PushState.Connected);
        await PublishByApiAsync(processes.Backend, "3");

        (await _handled.NextAsync(2)).Should().Equal("2", "3");
        _handled.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task When_its_node_stops_it_is_in_the_group_on_another_before_it_has_left_nothing_is_missing_or_comes_twice()
    {
        await using var stopping = Node.On(nodes.Redis, ("Drain:Time", "00:00:05"));
        using var address = new MovableAddress(stopping.Address.Port);
        await using var client = ClientTo(new Uri($"http://{address.Connection}"));
        await client.StartAsync();
        await client.JoinAsync(Room);

        address.MoveTo(nodes.Second.Address.Port);
        var draining = stopping.Services.GetRequiredService<ConnectionDrain>().DrainAsync();
        var published = 0;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!draining.IsCompleted && await pace.WaitForNextTickAsync())
        {
            await PublishAsync($"{published++}");
        }

        await PublishAsync($"{published++}");
        (await _handled.NextAsync(published)).Should().Equal(Enumerable.Range(0, published).Select(number => $"{number}"));
        (await _states.NextAsync(2)).Select(change => change.State).Should().Equal(PushState.Connecting, PushState.Connected);
        _states.IsEmpty.Should().BeTrue("it was connected all the time");
        stopping.Services.GetRequiredService<ConnectionRegistry>().Connections.Should().BeEmpty();
    }

    [Fact]
    public async Task What_it_may_not_join_it_is_told_and_goes_on()
    {
        await using var client = ClientTo(nodes.First.Address);
        await client.StartAsync();

        (await client.Awaiting(it => it.JoinAsync("secret")).Should().ThrowAsync<GroupException>()).Which.Code.Should().Be("group_refused");
        (await client.Awaiting(it => it.JoinAsync("two\nlines")).Should().ThrowAsync<GroupException>()).Which.Code.Should().Be("name_invalid");

        await client.JoinAsync(Room);
        client.State.Should().Be(PushState.Connected);
    }

    [Fact]
    public async Task What_it_may_be_in_no_more_is_told_when_its_token_is_renewed_and_when_it_comes_back_with_another()
    {
        await using var client = ClientTo(nodes.First.Address);
        await client.StartAsync();
        await client.JoinAsync("room a");
        await client.JoinAsync("room b");

        _mayJoin = ["room b"];
        await nodes.Second.Services.GetRequiredService<IConnectionControl>().RenewUserAsync(_user);
        (await _errors.NextAsync()).Should().BeOfType<GroupException>().Which.Group.Should().Be("room a");

        _mayJoin = [];
        await EndAsync();
        (await _errors.NextAsync()).Should().BeOfType<GroupException>().Which.Group.Should().Be("room b");
        _errors.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task Two_hundred_groups_are_joined_without_being_sent_away_for_it_and_again_on_the_next_connection()
    {
        var rooms = Enumerable.Range(0, 200).Select(number => $"{Room} {number.ToString(CultureInfo.InvariantCulture)}").ToList();
        await using var client = ClientTo(nodes.First.Address);
        await client.StartAsync();
        await Task.WhenAll(rooms.Select(room => client.JoinAsync(room)));
        await _states.NextAsync(change => change.State == PushState.Connected);

        await EndAsync();
        await _states.NextAsync(change => change.State == PushState.Connected);
        await nodes.Second.Publisher.PublishAsync([.. rooms.Select(room => Publication.Of(Address.Group(room), "all", new { }))]);

        (await _handled.NextAsync(200)).Should().AllBe("all");
        _errors.IsEmpty.Should().BeTrue();
    }

    private PushClient ClientTo(Uri address, Func<CancellationToken, Task<AccessToken>>? token = null)
    {
        var client = new PushClient(new PushClientOptions
        {
            Url = new Uri(address, "hub"),
            Token = token is null ? MintAsync : new TokenSource(token),
            Retry = new() { First = TimeSpan.FromMilliseconds(50), Max = TimeSpan.FromMilliseconds(500) },
            LoggerFactory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log)),
        });
        client.OnState(_states.Add);
        client.OnError(_errors.Add);
        client.OnLost(loss => _handled.Add($"{loss.Address} lost"));
        client.On("*", message => _handled.Add(message.Type));
        return client;
    }

    private async Task<AccessToken> MintAsync(CancellationToken cancellationToken) =>
        (await nodes.First.Tokens.MintAsync(new TokenRecord { Subject = _user, MayJoin = _mayJoin }, cancellationToken)).Reveal();

    private Task<string> PublishAsync(string type, Node? node = null) =>
        (node ?? nodes.Second).Publisher.PublishAsync(Address.Group(Room), type, new { });

    /// <summary>Ends its connection, so that it comes back with a new token.</summary>
    private Task<EndedConnections> EndAsync() => nodes.Second.Services.GetRequiredService<IConnectionControl>().EndUserAsync(_user);

    private async Task<AccessToken> MintByApiAsync(Backend backend) =>
        await backend.MintAsync(new { sub = _user, mayJoin = _mayJoin });

    private Task PublishByApiAsync(Backend backend, string type) => backend.PublishAsync($"group:{Room}", type);
}
