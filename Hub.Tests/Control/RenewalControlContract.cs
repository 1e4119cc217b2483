using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Control;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Control;

/// <summary>Connections are to be renewed within 30 seconds, or are ended.</summary>
public abstract class RenewalControlContract : IAsyncLifetime
{
    private const string Alice = "alice";

    /// <summary>The nodes that clients connect to. Their time stands still.</summary>
    protected abstract IReadOnlyList<Node> Nodes { get; }

    private IConnectionControl Control => Nodes[^1].Services.GetRequiredService<IConnectionControl>();

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    [Fact]
    public async Task Who_renews_in_time_stays_and_who_does_not_is_told_and_closed_and_may_come_back()
    {
        using var renewing = await OpenAsync(Nodes[0], new TokenRecord { Subject = Alice });
        using var silent = await OpenAsync(Nodes[^1], new TokenRecord { Subject = Alice });
        using var other = await OpenAsync(Nodes[0], new TokenRecord { Subject = "bob" });

        var asked = await Control.RenewUserAsync(Alice);

        asked.Asked.Should().Be(2);
        (await renewing.ReadMessageAsync()).Should().Be("""{"type":1,"target":"Renew","arguments":[{"withinSeconds":30}]}""" + '\u001e');
        (await RenewAsync(renewing, new TokenRecord { Subject = Alice })).Should().Contain("\"result\"");
        Advance(TimeSpan.FromSeconds(29.9));
        (await RenewAsync(silent, new TokenRecord { Subject = "nobody" })).Should().Contain("user_foreign: ", "it is still open");
        Advance(TimeSpan.FromSeconds(0.2));
        (await silent.ReadToEndAsync()).Should().Contain("""{"type":7,"error":"renewal_missed: The connection was to be renewed, and was not in time. Connect again with a new token.","allowReconnect":true}""");
        (await RenewAsync(renewing, new TokenRecord { Subject = Alice })).Should().Contain("\"result\"", "it stays");
        (await RenewAsync(other, new TokenRecord { Subject = "bob" })).Should().Contain("\"result\"");
        using var back = await OpenAsync(Nodes[0], new TokenRecord { Subject = Alice });
        (await ConnectionsAsync(Alice)).Should().HaveCount(2);
    }

    [Fact]
    public async Task A_token_from_before_neither_renews_nor_opens()
    {
        using var socket = await OpenAsync(Nodes[0], new TokenRecord { Subject = Alice });
        var (first, second) = (await Nodes[0].MintAsync(Alice), await Nodes[0].MintAsync(Alice));

        var asked = await Control.RenewUserAsync(Alice);

        asked.Epoch.Should().BePositive();
        await socket.ReadMessageAsync();
        (await RenewAsync(socket, first)).Should().Contain("ended: ");
        using var late = await RawSocket.OpenAsync(Nodes[^1], second);
        (await late.ReadToEndAsync()).Should().Contain(message => message.StartsWith("""{"type":7,"error":"ended: """));
    }

    [Fact]
    public async Task Of_a_session_only_its_connections_are_asked()
    {
        using var first = await OpenAsync(Nodes[0], new TokenRecord { Subject = Alice, SessionId = "s1" });
        using var second = await OpenAsync(Nodes[0], new TokenRecord { Subject = Alice, SessionId = "s2" });

        (await Control.RenewSessionAsync(Alice, "s1")).Asked.Should().Be(1);

        (await first.ReadMessageAsync()).Should().Contain("\"Renew\"");
        Advance(TimeSpan.FromSeconds(31));
        (await first.ReadToEndAsync()).Should().Contain(message => message.Contains("renewal_missed: "));
        (await RenewAsync(second, new TokenRecord { Subject = Alice, SessionId = "s2" })).Should().Contain("\"result\"");
    }

    [Fact]
    public async Task A_client_that_does_not_ask_for_such_calls_is_not_called_and_ended_like_the_others()
    {
        using var stock = await RawSocket.OpenAsync(Nodes[0], await Nodes[0].MintAsync(Alice), "?heads=true");
        await stock.ReadMessageAsync();

        (await Control.RenewUserAsync(Alice)).Asked.Should().Be(1);

        Advance(TimeSpan.FromSeconds(31));
        (await stock.ReadToEndAsync()).Should().Contain(message => message.Contains("renewal_missed: ")).And
            .NotContain(message => message.Contains("\"Renew\""));
    }

    [Fact]
    public async Task What_nobody_has_is_no_mistake_and_what_is_no_name_is_refused()
    {
        (await Control.RenewUserAsync("nobody")).Asked.Should().Be(0);
        (await Control.RenewSessionAsync("nobody", "none")).Asked.Should().Be(0);
        await Control.Awaiting(control => control.RenewUserAsync("")).Should().ThrowAsync<ArgumentException>();
        await Control.Awaiting(control => control.RenewSessionAsync(Alice, "")).Should().ThrowAsync<ArgumentException>();
    }

    private void Advance(TimeSpan time)
    {
        foreach (var node in Nodes)
        {
            node.Time!.Advance(time);
        }
    }

    private async Task<string> RenewAsync(RawSocket socket, TokenRecord record) =>
        await RenewAsync(socket, (await Nodes[0].Tokens.MintAsync(record)).Reveal());

    private static async Task<string> RenewAsync(RawSocket socket, string token)
    {
        await socket.SayAsync($$"""{"type":1,"invocationId":"1","target":"Renew","arguments":["{{token}}"]}""");
        while (true)
        {
            if (await socket.ReadMessageAsync() is { } said && said.Contains("\"invocationId\""))
            {
                return said;
            }
        }
    }

    private static async Task<RawSocket> OpenAsync(Node node, TokenRecord record)
    {
        var socket = await RawSocket.OpenAsync(node, (await node.Tokens.MintAsync(record)).Reveal(), "?heads=true&connected=true");
        (await socket.ReadMessageAsync()).Should().Contain("\"Connected\"");
        return socket;
    }

    private async Task<IReadOnlyList<AttachedConnection>> ConnectionsAsync(string user) =>
        (await Nodes[0].Services.GetRequiredService<IConnectionDirectory>().ConnectionsOfAsync([Address.User(user)])).Single();

    public sealed class InMemory : RenewalControlContract
    {
        private readonly Node _node = new() { Time = new FakeTimeProvider(TimeProvider.System.GetUtcNow()) };

        protected override IReadOnlyList<Node> Nodes => [_node];

        public override Task InitializeAsync() => Task.CompletedTask;

        public override async Task DisposeAsync() => await _node.DisposeAsync();
    }

    public sealed class OnTwoNodes : RenewalControlContract
    {
        private readonly RedisServer _redis = new();
        private Node _first = null!;
        private Node _second = null!;

        protected override IReadOnlyList<Node> Nodes => [_first, _second];

        public override async Task InitializeAsync()
        {
            await _redis.InitializeAsync();
            (_first, _second) = (Node.StandingStillOn(_redis), Node.StandingStillOn(_redis));
            _ = (_first.Address, _second.Address);
        }

        public override async Task DisposeAsync()
        {
            await _first.DisposeAsync();
            await _second.DisposeAsync();
            await _redis.DisposeAsync();
        }
    }
}
