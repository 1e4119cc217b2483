using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Connections;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tests.Routing;
using StackExchange.Redis;

namespace RealtimeHub.Tests.Connections;

/// <summary>
/// What nodes ask each other about connections. The time of all of them stands still unless a test moves it: what is known is known without
/// waiting.
/// </summary>
public sealed class RemoteCommandTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();
    private readonly ConcurrentQueue<(string Channel, string Frame)> _sent = new();
    private Node _first = null!;
    private Node _second = null!;
    private Node _third = null!;
    private HubConnection _alice = null!;
    private Received _byAlice = null!;

    private IGroupManager Groups => _second.Hub.Groups;

    private IDatabase Database => _redis.Database;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        (_first, _second, _third) = (Node.StandingStillOn(_redis), Node.StandingStillOn(_redis), Node.StandingStillOn(_redis));
        _ = (_first.Address, _second.Address, _third.Address);
        _alice = _first.ClientFor("alice");
        _byAlice = await Received.ByAsync(_alice);
        await Database.Multiplexer.GetSubscriber().SubscribeAsync(
            RedisChannel.Pattern("hub:db0:*"), (channel, frame) => _sent.Enqueue((channel!, frame!)));
    }

    public async Task DisposeAsync()
    {
        await _alice.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _third.DisposeAsync();
        _redis.Dispose();
    }

    [Fact]
    public async Task That_no_node_has_a_connection_is_known_at_once()
    {
        const string sentence = "No node has the connection nobody. It has ended, or never was one: pass the ConnectionId of an open connection of the push hub.";

        foreach (var change in (Func<Task>[])[() => Groups.AddToGroupAsync("nobody", "room"), () => Groups.RemoveFromGroupAsync("nobody", "room")])
        {
            (await change.Should().ThrowAsync<InvalidOperationException>()).WithMessage(sentence);
        }

        (await SentAsync()).Should().BeEmpty("nobody is asked");
    }

    [Fact]
    public async Task Only_the_node_that_has_a_connection_is_asked_to_change_its_groups()
    {
        await Groups.AddToGroupAsync(_alice.ConnectionId!, "room");
        await Groups.RemoveFromGroupAsync(_alice.ConnectionId!, "room");

        (await SentAsync()).Should().Equal(
            (ChannelOf(_first), "joinGroup"), (ChannelOf(_second), "answer"), (ChannelOf(_first), "leaveGroup"), (ChannelOf(_second), "answer"));
    }

    [Fact]
    public async Task Only_the_nodes_that_have_connections_are_told_to_call_them_and_who_is_nowhere_is_skipped()
    {
        await using var bob = _second.ClientFor("bob");
        var byBob = await Received.ByAsync(bob);

        await _second.Hub.Clients.Clients(_alice.ConnectionId!, "nobody", bob.ConnectionId!, _alice.ConnectionId!)
            .Receive(PushMessage.Create(Address.Everyone, "called", 1));
        await _second.Hub.Clients.Client("nobody").Receive(PushMessage.Create(Address.Everyone, "called", 1));

        (await TypeAsync(_byAlice), await TypeAsync(byBob)).Should().Be(("called", "called"));
        (await SentAsync()).Should().Equal((ChannelOf(_first), "callConnections"));
        await _second.Hub.Clients.All.Receive(PushMessage.Create(Address.Everyone, "end", 1));
        (await TypeAsync(_byAlice), await TypeAsync(byBob)).Should().Be(("end", "end"), "each was called once");
    }

    [Fact]
    public async Task A_connection_that_has_ended_since_it_was_found_is_answered_for_at_once()
    {
        await using var asker = await RouterNode.OpenAsync(TimeProvider.System, ("Redis:Connection", _redis.Connection));
        var request = new JoinGroup("ended", Address.Group("room")) { Asker = asker.Id.Value, RequestId = "7" };

        await asker.Router.SendCommandAsync(IdOf(_first), request.Write());

        await Eventually.HoldsAsync(async () => (await asker.CommandsAsync()).Count > 0);
        var answer = NodeCommand.Read(System.Text.Encoding.UTF8.GetBytes(asker.Commands.Single()));
        answer.Should().BeOfType<CommandAnswer>().Which.Mistake.Should().StartWith("No node has the connection ended.");
    }

    [Fact]
    public async Task A_request_of_an_unknown_kind_is_answered_at_once_and_told()
    {
        await using var asker = await RouterNode.OpenAsync(TimeProvider.System, ("Redis:Connection", _redis.Connection));

        await asker.Router.SendCommandAsync(
            IdOf(_first), System.Text.Encoding.UTF8.GetBytes($$"""{"kind":"moveConnections","asker":"{{asker.Id}}","requestId":"7"}""" + "\n"));

        await Eventually.HoldsAsync(async () => (await asker.CommandsAsync()).Count > 0);
        var answer = NodeCommand.Read(System.Text.Encoding.UTF8.GetBytes(asker.Commands.Single()));
        answer.Should().BeOfType<CommandAnswer>().Which.Should().Match<CommandAnswer>(
            told => told.RequestId == "7" && told.Code == CommandAnswer.KindUnknown && told.Mistake!.Contains("moveConnections"));
    }

    [Fact]
    public async Task A_node_that_lives_and_is_silent_is_named_after_five_seconds()
    {
        await using var silent = await RouterNode.OpenAsync(TimeProvider.System, ("Redis:Connection", _redis.Connection));
        await silent.Router.AttachAsync(Address.User("bob"), "bob's");

        var joining = Groups.AddToGroupAsync("bob's", "room");
        await Eventually.HoldsAsync(async () => (await silent.CommandsAsync()).Count > 0);
        joining.IsCompleted.Should().BeFalse();
        _second.Time!.Advance(TimeSpan.FromSeconds(5));

        (await joining.Awaiting(it => it).Should().ThrowAsync<TimeoutException>()).WithMessage($"Node {silent.Id} has not answered within 5 seconds.*");
    }

    [Fact]
    public async Task A_node_that_has_died_has_no_connections()
    {
        await Database.KeyDeleteAsync($"hub:node:{IdOf(_first)}");

        await this.Awaiting(_ => Groups.AddToGroupAsync(_alice.ConnectionId!, "room")).Should().ThrowAsync<InvalidOperationException>();

        (await SentAsync()).Should().BeEmpty("nobody is asked");
    }

    [Fact]
    public async Task That_a_node_has_just_died_is_known_when_nobody_receives_what_it_is_asked_though_somebody_watches_all_channels()
    {
        await Database.SetAddAsync("hub:nodes", "dead");
        await Database.StringSetAsync("hub:node:dead", "1 7");
        await Database.HashSetAsync("hub:node:dead:attached", "bob's", "1 user:bob");

        (await this.Awaiting(_ => Groups.AddToGroupAsync("bob's", "room")).Should().ThrowAsync<InvalidOperationException>())
            .WithMessage("Node dead has died, or has lost Redis, and was not asked.*");
        await _second.Hub.Clients.Client("bob's").Receive(PushMessage.Create(Address.Everyone, "called", 1));
    }

    [Fact]
    public async Task A_command_of_an_unknown_kind_is_skipped_and_told_and_the_next_is_carried_out()
    {
        foreach (var command in (string[])["{\"kind\":\"moveConnections\",\"user\":\"alice\"}\n", "{\"kind\":\"end\\nline\"}\n", "nonsense", ""])
        {
            await Database.PublishAsync(RedisChannel.Literal(ChannelOf(_first)), $"1 command\nnode newer\n\n{command}");
        }

        await _second.Hub.Clients.Client(_alice.ConnectionId!).Receive(PushMessage.Create(Address.Everyone, "called", 1));

        (await TypeAsync(_byAlice)).Should().Be("called");
        _first.Time!.Advance(TimeSpan.FromSeconds(1));
        _first.Log.Lines.Where(line => line.Contains(" CommandSkipped: ")).Should().SatisfyRespectively(
            first => first.Should().StartWith("Warning").And.Contain("Skipped 1 commands").And.Contain("moveConnections"),
            others => others.Should().Contain("Skipped 3 commands").And.Contain("end\\nline, unreadable"));
    }

    [Fact]
    public async Task Each_kind_has_a_place_that_it_is_handed_to()
    {
        var dispatcher = _second.Services.GetRequiredService<CommandDispatcher>();
        var (address, asker) = (Address.Group("room"), IdOf(_third).Value);

        foreach (var command in (NodeCommand[])
        [
            new CallAddress(address, []), new CallConnections(["nobody"]), new CommandAnswer("nobody's"),
            new JoinGroup("nobody", address) { Asker = asker }, new LeaveGroup("nobody", address) { Asker = asker },
        ])
        {
            dispatcher.Dispatch(command.Write());
        }

        await Eventually.HoldsAsync(async () => (await SentAsync()).Count() == 2);
        (await SentAsync()).Should().Equal((ChannelOf(_third), "answer"), (ChannelOf(_third), "answer"));
        _second.Log.Lines.Should().NotContain(line => line.Contains(" CommandSkipped: "));
    }

    private static NodeId IdOf(Node node) => node.Services.GetRequiredService<NodeId>();

    private static string ChannelOf(Node node) => $"hub:db0:node:{IdOf(node)}";

    private static async Task<string?> TypeAsync(Received received) => (await received.NextAsync()).GetProperty("type").GetString();

    /// <summary>The commands that have been sent, with the channel that each went through.</summary>
    private async Task<IEnumerable<(string Channel, string Kind)>> SentAsync()
    {
        var mark = $"mark {Guid.NewGuid()}";
        await Database.PublishAsync(RedisChannel.Literal("hub:db0:mark"), mark);
        await Eventually.HoldsAsync(() => Task.FromResult(_sent.Any(sent => sent.Frame == mark)));
        return [.. _sent.Where(sent => sent.Frame.StartsWith("1 command\n", StringComparison.Ordinal))
            .Select(sent => (sent.Channel, KindOf(sent.Frame)))];
    }

    private static string KindOf(string frame) =>
        System.Text.Json.JsonDocument.Parse(frame.Split("\n\n", 2)[1].Split('\n')[0]).RootElement.GetProperty("kind").GetString()!;
}
