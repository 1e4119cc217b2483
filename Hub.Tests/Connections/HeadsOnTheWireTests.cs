using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Connections;
using RealtimeHub.Delivery;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Connections;

/// <summary>What a client that asks for heads reads, message by message of its WebSocket. It says nothing but its handshake.</summary>
public sealed class HeadsOnTheWireTests : IAsyncLifetime
{
    private const string Answer = "{}\u001e";
    private const string Asking = "?heads=true";

    private readonly RedisServer _redis = new();
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _node = Node.On(_redis);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_new_client_gets_answer_and_heads_in_one_message_and_behind_them_what_another_node_publishes()
    {
        await using var other = Node.On(_redis);
        await other.Publisher.PublishAsync(Address.Group("room"), "before", 1);
        using var socket = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice", "room"), Asking);

        var heads = HeadsIn(await socket.ReadMessageAsync());
        heads.Keys.Should().BeEquivalentTo("user:alice", "group:room", "everyone");

        foreach (var address in (Address[])[Address.User("alice"), Address.Group("room"), Address.Everyone])
        {
            await other.Publisher.PublishAsync(address, "now", 1);

            (await socket.ReadMessageAsync()).Should().Contain("\"Receive\"")
                .And.Contain($"\"after\":\"{heads[address.ToString()]}\",\"address\":\"{address}\"");
        }
    }

    [Fact]
    public async Task A_client_that_comes_back_to_another_node_is_told_the_heads_that_it_has_come_to()
    {
        await using var other = Node.On(_redis);
        using (var socket = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"), Asking))
        {
            await socket.ReadMessageAsync();
        }

        var last = await _node.Publisher.PublishAsync(Address.User("alice"), "missed", 1);
        using var again = await RawSocket.OpenAsync(other, await other.MintAsync("alice"), Asking);

        HeadsIn(await again.ReadMessageAsync())["user:alice"].Should().Be(last.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?heads=1")]
    [InlineData("?heads=true&heads=true")]
    [InlineData("?other=true")]
    public async Task Who_does_not_ask_gets_the_answer_alone_and_nothing_else(string query)
    {
        using var socket = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"), query);

        (await socket.ReadMessageAsync()).Should().Be(Answer);
        await Eventually.HoldsAsync(() => Task.FromResult(IsAttached));
        await _node.Publisher.PublishAsync(Address.User("alice"), "now", 1);
        (await socket.ReadMessageAsync()).Should().Contain("\"Receive\"");
    }

    [Fact]
    public async Task SignalRs_own_transport_holds_no_answer_and_tells_no_heads()
    {
        await using var stock = Node.On(_redis, ("Transport:Enabled", "false"));
        using var socket = await RawSocket.OpenAsync(stock, await stock.MintAsync("alice"), Asking);

        (await socket.ReadMessageAsync()).Should().Be(Answer);
    }

    [Fact]
    public async Task A_handshake_that_is_refused_is_answered_and_the_socket_closed()
    {
        using var socket = await RawSocket.ConnectedAsync(_node, await _node.MintAsync("alice"), Asking);

        await socket.SayAsync("""{"protocol":"smoke","version":1}""");

        (await socket.ReadMessageAsync()).Should().StartWith("""{"error":""").And.Contain("smoke");
        (await socket.ReadMessageAsync()).Should().BeNull();
    }

    [Fact]
    public async Task Who_cannot_be_attached_because_Redis_is_away_gets_the_answer_and_then_the_reason()
    {
        using var socket = await RawSocket.ConnectedAsync(_node, await _node.MintAsync("alice"), Asking);
        _redis.Kill();

        await socket.ShakeHandsAsync();

        await IsToldAsync(socket, "store_unavailable");
    }

    [Fact]
    public async Task For_whose_user_Redis_holds_something_else_gets_the_answer_and_then_the_reason()
    {
        await _redis.Database.StringSetAsync("hub:{user%3Aalice}:head", "no hash");
        using var socket = await RawSocket.OpenAsync(_node, await _node.MintAsync("alice"), Asking);

        await IsToldAsync(socket, "attach_failed");
    }

    [Theory]
    [InlineData(true, "host_failed")]
    [InlineData(false, "host_aborted")]
    public async Task Whom_the_host_turns_away_as_it_opens_gets_the_answer_and_the_heads_and_then_the_reason(bool throws, string code)
    {
        await using var host = new Node
        {
            Additions = services => services.Configure<HubOptions<PushHub>>(options => options.AddFilter(new TurningAway(throws))),
        };
        using var socket = await RawSocket.OpenAsync(host, await host.MintAsync("alice"), Asking);

        HeadsIn(await socket.ReadMessageAsync()).Should().ContainKey("user:alice");

        (await socket.ReadMessageAsync()).Should().StartWith($$"""{"type":7,"error":"{{code}}: """);
        (await socket.ReadMessageAsync()).Should().BeNull();
    }

    [Fact]
    public async Task To_be_told_heads_costs_Redis_nothing_more()
    {
        await using var still = Node.StandingStillOn(_redis);
        using var before = await RawSocket.OpenAsync(still, await still.MintAsync("before"), Asking);
        await before.ReadMessageAsync();
        var (token, stockToken) = (await still.MintAsync("alice"), await still.MintAsync("bob"));

        await _redis.ResetCommandCallsAsync();
        using var asking = await RawSocket.OpenAsync(still, token, Asking);
        HeadsIn(await asking.ReadMessageAsync()).Should().HaveCount(2);
        var asked = await _redis.CommandCallsAsync();

        await _redis.ResetCommandCallsAsync();
        await using var stock = still.ClientFor(() => Task.FromResult<string?>(stockToken), skipNegotiation: true);
        await Received.ByAsync(stock);
        asked.Should().BeEquivalentTo(await _redis.CommandCallsAsync());
        asked["evalsha"].Should().Be(1, "the attach answers with the head");
    }

    private bool IsAttached => _node.Services.GetRequiredService<ConnectionRegistry>().TryFind(Address.User("alice"), out var local)
        && local.Head is not null;

    private static async Task IsToldAsync(RawSocket socket, string code)
    {
        var told = (await socket.ReadToEndAsync()).Where(message => message is not ("" or """{"type":6}""")).ToList();

        told.Should().HaveCount(2);
        told[0].Should().Be("{}");
        told[1].Should().StartWith($$"""{"type":7,"error":"{{code}}: """);
    }

    private static Dictionary<string, string> HeadsIn(string? message)
    {
        const string Call = """{"type":1,"target":"Heads","arguments":[""";
        message.Should().StartWith(Answer + Call).And.EndWith("]}\u001e");
        return JsonSerializer.Deserialize<Dictionary<string, string>>(message![(Answer.Length + Call.Length)..^3])!;
    }

    /// <summary>A host's own filter.</summary>
    private sealed class TurningAway(bool throws) : IHubFilter
    {
        public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
        {
            await next(context);
            if (throws)
            {
                throw new InvalidOperationException("No.");
            }

            context.Context.Abort();
        }
    }
}
