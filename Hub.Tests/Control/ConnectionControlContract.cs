using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Control;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Control;

/// <summary>Connections are ended on whichever node they are, and stay so.</summary>
public abstract class ConnectionControlContract
{
    private readonly string _alice = Guid.NewGuid().ToString("N");

    /// <summary>The nodes that clients connect to.</summary>
    protected abstract IReadOnlyList<Node> Nodes { get; }

    private IConnectionControl Control => Nodes[^1].Services.GetRequiredService<IConnectionControl>();

    [Fact]
    public async Task All_connections_of_a_user_are_told_the_reason_and_closed_and_those_of_others_stay()
    {
        using var first = await OpenAsync(Nodes[0], new TokenRecord { Subject = _alice });
        using var second = await OpenAsync(Nodes[^1], new TokenRecord { Subject = _alice });
        using var other = await OpenAsync(Nodes[0], new TokenRecord { Subject = $"{_alice}'s brother" });
        var before = await Nodes[0].MintAsync(_alice);

        var ended = await Control.EndUserAsync(_alice, new EndOptions { Reason = "Signed out everywhere.", MayComeBack = false });

        ended.Ended.Should().Be(2);
        (await ToldAsync(first)).Should().Be("""{"type":7,"error":"ended: Signed out everywhere."}""");
        (await ToldAsync(second)).Should().Be("""{"type":7,"error":"ended: Signed out everywhere."}""");
        await HasAsync(_alice, 0);
        await HasAsync($"{_alice}'s brother", 1);
        using var late = await RawSocket.OpenAsync(Nodes[0], before);
        (await ToldAsync(late)).Should().StartWith("""{"type":7,"error":"ended: """);
    }

    [Fact]
    public async Task Of_a_session_only_its_connections_and_its_tokens_are_ended()
    {
        var (here, elsewhere) = (new TokenRecord { Subject = _alice, SessionId = "s1" }, new TokenRecord { Subject = _alice, SessionId = "s2" });
        using var first = await OpenAsync(Nodes[0], here);
        using var second = await OpenAsync(Nodes[^1], elsewhere);
        var (dead, alive) = (await Nodes[0].Tokens.MintAsync(here), await Nodes[0].Tokens.MintAsync(elsewhere));

        (await Control.EndSessionAsync(_alice, "s1")).Ended.Should().Be(1);

        (await ToldAsync(first)).Should().Contain("\"allowReconnect\":true");
        using var refused = await RawSocket.OpenAsync(Nodes[^1], dead.Reveal());
        (await ToldAsync(refused)).Should().StartWith("""{"type":7,"error":"ended: """);
        using var open = await RawSocket.OpenAsync(Nodes[^1], alive.Reveal());
        await HasAsync(_alice, 2);
    }

    [Fact]
    public async Task One_connection_is_ended_and_its_user_needs_no_new_token()
    {
        using var first = await OpenAsync(Nodes[0], new TokenRecord { Subject = _alice });
        var id = (await ConnectionsAsync(_alice)).Single().Id;
        using var second = await OpenAsync(Nodes[^1], new TokenRecord { Subject = _alice });
        var unspent = await Nodes[0].MintAsync(_alice);

        (await Control.EndConnectionAsync(_alice, id)).Ended.Should().Be(1);

        (await ToldAsync(first)).Should().StartWith("""{"type":7,"error":"ended: """);
        using var third = await RawSocket.OpenAsync(Nodes[0], unspent);
        await HasAsync(_alice, 2);
        (await Control.EndConnectionAsync($"{_alice}'s brother", id)).Ended.Should().Be(0);
    }

    [Fact]
    public async Task All_connections_with_a_label_are_ended_and_what_is_on_its_way_with_it_as_well()
    {
        var labelled = new TokenRecord { Subject = _alice, Labels = ["beta", $"tenant:{_alice}"] };
        using var first = await OpenAsync(Nodes[0], labelled);
        using var second = await OpenAsync(Nodes[^1], labelled with { Subject = $"{_alice}'s brother" });
        using var other = await OpenAsync(Nodes[0], labelled with { Labels = ["beta"] });
        var unspent = await Nodes[0].Tokens.MintAsync(labelled);

        (await Control.EndLabelAsync($"tenant:{_alice}", new EndOptions { Reason = "Closed." })).Ended.Should().Be(2);

        foreach (var socket in (RawSocket[])[first, second])
        {
            (await ToldAsync(socket)).Should().Be("""{"type":7,"error":"ended: Closed.","allowReconnect":true}""");
        }

        using var late = await RawSocket.OpenAsync(Nodes[^1], unspent.Reveal());
        (await ToldAsync(late)).Should().Be("""{"type":7,"error":"ended: Closed.","allowReconnect":true}""");
        await HasAsync(_alice, 1);

        // Of the same second a mint counts as before.
        await Eventually.HoldsAsync(async () =>
        {
            using var anew = await OpenAsync(Nodes[0], labelled);
            return (await ConnectionsAsync(_alice)).Count == 2;
        });
    }

    [Fact]
    public async Task Who_is_banned_is_ended_and_does_not_come_back_until_he_may()
    {
        using var socket = await OpenAsync(Nodes[0], new TokenRecord { Subject = _alice });
        var until = TimeProvider.System.GetUtcNow().AddHours(3);

        var banned = await Control.BanAsync(_alice, until, "Spam.");

        (banned.Ended, banned.Until).Should().Be((1, until));
        (await ToldAsync(socket)).Should().Be("""{"type":7,"error":"banned: Spam."}""");
        var minted = await Nodes[^1].Tokens.MintAsync(new TokenRecord { Subject = _alice });
        using var again = await RawSocket.OpenAsync(Nodes[^1], minted.Reveal());
        (await ToldAsync(again)).Should().Be("""{"type":7,"error":"banned: Spam."}""");

        await Control.UnbanAsync(_alice);
        using var free = await OpenAsync(Nodes[^1], new TokenRecord { Subject = _alice });
        await HasAsync(_alice, 1);
    }

    [Fact]
    public async Task What_nobody_has_is_no_mistake()
    {
        (await Control.EndUserAsync(_alice)).Ended.Should().Be(0);
        (await Control.EndSessionAsync(_alice, "none")).Ended.Should().Be(0);
        (await Control.EndConnectionAsync(_alice, "none")).Ended.Should().Be(0);
        (await Control.EndLabelAsync("none")).Ended.Should().Be(0);
        await Control.UnbanAsync(_alice);
    }

    [Fact]
    public async Task What_is_no_name_or_no_reason_is_refused()
    {
        await Control.Awaiting(control => control.EndUserAsync("")).Should().ThrowAsync<ArgumentException>();
        await Control.Awaiting(control => control.EndSessionAsync(_alice, "")).Should().ThrowAsync<ArgumentException>();
        await Control.Awaiting(control => control.EndLabelAsync(new string('x', 65))).Should().ThrowAsync<ArgumentException>();
        await Control.Awaiting(control => control.EndUserAsync(_alice, new EndOptions { Reason = "two\nlines" })).Should()
            .ThrowAsync<ArgumentException>();
        await Control.Awaiting(control => control.BanAsync(_alice, DateTimeOffset.MaxValue, new string('x', 257))).Should()
            .ThrowAsync<ArgumentException>();
        (await Nodes[0].Services.GetRequiredService<IEpochs>().LastAsync(Address.User(_alice))).Should().Be(0, "nothing was done");
    }

    private static async Task<string> ToldAsync(RawSocket socket) =>
        (await socket.ReadToEndAsync()).First(message => message.StartsWith("""{"type":7""", StringComparison.Ordinal));

    private static async Task<RawSocket> OpenAsync(Node node, TokenRecord record)
    {
        var socket = await RawSocket.OpenAsync(node, (await node.Tokens.MintAsync(record)).Reveal(), "?heads=true");
        await socket.ReadMessageAsync();
        return socket;
    }

    private async Task<IReadOnlyList<AttachedConnection>> ConnectionsAsync(string user) =>
        (await Nodes[0].Services.GetRequiredService<IConnectionDirectory>().ConnectionsOfAsync([Address.User(user)])).Single();

    private Task HasAsync(string user, int count) => Eventually.HoldsAsync(async () => (await ConnectionsAsync(user)).Count == count);

    public sealed class InMemory(InMemoryNode node) : ConnectionControlContract, IClassFixture<InMemoryNode>
    {
        protected override IReadOnlyList<Node> Nodes => [node.Node];
    }

    public sealed class OnTwoNodes(TwoNodes nodes) : ConnectionControlContract, IClassFixture<TwoNodes>
    {
        protected override IReadOnlyList<Node> Nodes => [nodes.First, nodes.Second];

        [Fact]
        public async Task A_user_who_reconnects_in_a_loop_with_old_tokens_on_two_nodes_is_ended_and_never_gets_in_again()
        {
            var user = Guid.NewGuid().ToString("N");
            var tokens = new System.Collections.Concurrent.ConcurrentQueue<string>(
                await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => nodes.First.MintAsync(user))));
            var loops = Enumerable.Range(0, 16).Select(number => Task.Run(() => ReconnectAsync(Nodes[number % 2], tokens))).ToList();
            await Eventually.HoldsAsync(async () => (await ConnectionsAsync(user)).Count >= 8);

            var ended = await Control.EndUserAsync(user);
            var begun = TimeProvider.System.GetTimestamp();

            ended.Ended.Should().BePositive();
            await Eventually.HoldsAsync(async () => (await ConnectionsAsync(user)).Count == 0);
            TimeProvider.System.GetElapsedTime(begun).Should().BeLessThan(TimeSpan.FromSeconds(5), "a second is promised, on a machine that has nothing else to do");
            tokens.Should().NotBeEmpty("they still come");
            var opened = await Task.WhenAll(loops);
            opened.Sum().Should().BePositive();
            (await ConnectionsAsync(user)).Should().BeEmpty();
            using var late = await RawSocket.OpenAsync(nodes.Second, await nodes.Second.MintAsync(user), "?heads=true");
            (await late.ReadMessageAsync()).Should().Contain("\"Heads\"");
        }

        // Each opens one connection after the other, keeps it for as long as it is let, and says how many stood.
        private static async Task<int> ReconnectAsync(Node node, System.Collections.Concurrent.ConcurrentQueue<string> tokens)
        {
            var stood = 0;
            while (tokens.TryDequeue(out var token))
            {
                using var socket = await RawSocket.OpenAsync(node, token, "?heads=true");
                var told = await socket.ReadMessageAsync();
                if (told?.Contains("\"Heads\"", StringComparison.Ordinal) == true)
                {
                    stood++;
                    await socket.ReadToEndAsync();
                }
            }

            return stood;
        }
    }
}
