using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Connections;
using RealtimeHub.Control;
using RealtimeHub.Presence;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Control;

/// <summary>Users are put into groups for long, and clients join what their tokens allow.</summary>
public abstract class GroupControlContract
{
    private readonly string _alice = $"alice {Guid.NewGuid():N}";
    private readonly string _room = $"room {Guid.NewGuid():N}";

    /// <summary>The nodes that clients connect to.</summary>
    protected abstract IReadOnlyList<Node> Nodes { get; }

    private IGroupControl Groups => Nodes[^1].Services.GetRequiredService<IGroupControl>();

    [Fact]
    public async Task Open_connections_on_every_node_follow_before_the_answer_comes()
    {
        using var first = await OpenAsync(Nodes[0]);
        using var second = await OpenAsync(Nodes[^1]);

        (await Groups.AddAsync(_alice, _room)).Connections.Should().Be(2);
        await HasAsync(2);
        await PublishAsync("welcome");
        await GetsAsync(first, "welcome");
        await GetsAsync(second, "welcome");

        (await Groups.RemoveAsync(_alice, _room)).Connections.Should().Be(2);
        await HasAsync(0);
    }

    [Fact]
    public async Task Whoever_comes_later_is_in_the_group_as_well_and_is_told_its_head_with_the_others()
    {
        (await Groups.AddAsync(_alice, _room)).Connections.Should().Be(0);

        using var socket = await RawSocket.OpenAsync(Nodes[0], await Nodes[0].MintAsync(_alice), "?heads=true");

        (await socket.ReadMessageAsync()).Should().Contain($"\"group:{_room}\":");
        await HasAsync(1);
        (await Groups.ListAsync(_alice)).Should().ContainSingle().Which.Group.Should().Be(_room);
    }

    [Fact]
    public async Task What_has_an_end_ends_by_itself_on_open_connections()
    {
        using var socket = await OpenAsync(Nodes[0]);

        await Groups.AddAsync(_alice, _room, TimeProvider.System.GetUtcNow().AddSeconds(1.5));

        await HasAsync(1);
        await Eventually.HoldsAsync(async () => await CountAsync() == 0);
        (await Groups.ListAsync(_alice)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_group_that_the_token_names_too_is_left_only_when_nothing_keeps_the_connection_there()
    {
        using var socket = await OpenAsync(Nodes[0], new TokenRecord { Subject = _alice, Groups = [_room] });
        await Groups.AddAsync(_alice, _room);

        await Groups.RemoveAsync(_alice, _room);
        await HasAsync(1);

        var id = (await Nodes[0].Services.GetRequiredService<IConnections>().GetAsync(_alice)).Connections.Single().Id;
        await Nodes[^1].Services.GetRequiredService<IHubContext<PushHub, IPushClient>>().Groups.RemoveFromGroupAsync(id, _room);
        await HasAsync(0);
    }

    [Fact]
    public async Task Changes_that_come_at_once_leave_each_connection_as_the_store_is()
    {
        using var first = await OpenAsync(Nodes[0]);
        using var second = await OpenAsync(Nodes[^1]);
        var controls = Nodes.Select(node => node.Services.GetRequiredService<IGroupControl>()).ToList();

        for (var round = 0; round < 20; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(number => number % 2 == 0
                ? controls[number % controls.Count].AddAsync(_alice, _room)
                : controls[^1].RemoveAsync(_alice, _room)));

            var isIn = (await Groups.ListAsync(_alice)).Count == 1;
            (await CountAsync()).Should().Be(isIn ? 2 : 0, $"round {round}");
        }
    }

    [Fact]
    public async Task A_client_joins_what_its_token_allows_and_nothing_else()
    {
        var record = new TokenRecord { Subject = _alice, MayJoin = [$"{_room}/*", "exactly"] };
        await using var client = await ConnectedAsync(record);

        await client.InvokeAsync("Join", $"{_room}/7");
        await HasAsync(1, $"{_room}/7");
        await PublishAsync("hello", $"{_room}/7");
        await Eventually.HoldsAsync(() => Task.FromResult(_received.Contains("hello")));

        foreach (var name in (string[])[_room, $"{_room}x", "exactly not", "EXACTLY", "", new('x', 257)])
        {
            (await client.Invoking(it => it.InvokeAsync("Join", name)).Should().ThrowAsync<HubException>())
                .Which.Message.Should().Contain(Address.IsName(name) ? "group_refused" : "name_invalid");
        }

        await client.InvokeAsync("Leave", $"{_room}/7");
        await client.InvokeAsync("Leave", $"{_room}/7");
        await HasAsync(0, $"{_room}/7");
        client.State.Should().Be(HubConnectionState.Connected);
    }

    [Fact]
    public async Task A_client_leaves_only_what_it_has_joined_by_itself_and_is_told_whether_it_has_left()
    {
        await using var client = await ConnectedAsync(new TokenRecord { Subject = _alice, Groups = [_room], MayJoin = ["*"] });
        await client.InvokeAsync("Join", _room);
        await client.InvokeAsync("Join", $"{_room}/7");

        (await client.InvokeAsync<LeaveAnswer>("Leave", _room)).HasLeft.Should().BeFalse();
        (await client.InvokeAsync<LeaveAnswer>("Leave", $"{_room}/7")).HasLeft.Should().BeTrue();

        await HasAsync(1);
        await HasAsync(0, $"{_room}/7");
    }

    [Fact]
    public async Task A_client_that_joins_is_told_the_head_of_the_group()
    {
        await using var client = await ConnectedAsync(new TokenRecord { Subject = _alice, MayJoin = ["*"] });
        var last = await PublishAsync("before", _room);

        (await client.InvokeAsync<JoinAnswer>("Join", _room)).Head.Should().Be(last);
        (await client.InvokeAsync<JoinAnswer>("Join", _room)).Head.Should().Be(last, "to join twice is no mistake");
    }

    [Fact]
    public async Task A_client_whose_token_says_nothing_of_groups_joins_none()
    {
        await using var client = await ConnectedAsync(new TokenRecord { Subject = _alice });

        await client.Invoking(it => it.InvokeAsync("Join", _room)).Should().ThrowAsync<HubException>().WithMessage("*group_refused*");
    }

    [Fact]
    public async Task What_is_no_name_is_refused()
    {
        await Groups.Awaiting(groups => groups.AddAsync("", _room)).Should().ThrowAsync<ArgumentException>();
        await Groups.Awaiting(groups => groups.RemoveAsync(_alice, "two\nlines")).Should().ThrowAsync<ArgumentException>();
    }

    private readonly System.Collections.Concurrent.ConcurrentBag<string> _received = [];

    private async Task<HubConnection> ConnectedAsync(TokenRecord record)
    {
        var token = (await Nodes[0].Tokens.MintAsync(record)).Reveal();
        var client = new HubConnectionBuilder()
            .WithUrl(new Uri(Nodes[0].Address, "/hub"), options => options.AccessTokenProvider = () => Task.FromResult<string?>(token)).Build();
        client.On<JsonElement>("Receive", message => _received.Add(message.GetProperty("type").GetString()!));
        await client.StartAsync();
        return client;
    }

    private Task<RawSocket> OpenAsync(Node node) => OpenAsync(node, new TokenRecord { Subject = _alice });

    private static async Task<RawSocket> OpenAsync(Node node, TokenRecord record)
    {
        var socket = await RawSocket.OpenAsync(node, (await node.Tokens.MintAsync(record)).Reveal(), "?heads=true");
        await socket.ReadMessageAsync();
        return socket;
    }

    private Task<string> PublishAsync(string type, string? group = null) => Nodes[^1].Services.GetRequiredService<IPublisher>()
        .PublishAsync(Address.Group(group ?? _room), type, new { });

    private static async Task GetsAsync(RawSocket socket, string type)
    {
        while (await socket.ReadMessageAsync() is { } message)
        {
            if (message.Contains($"\"type\":\"{type}\"", StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException($"The hub has closed the socket and not sent {type}.");
    }

    private async Task<int> CountAsync(string? group = null)
    {
        var members = await Nodes[0].Services.GetRequiredService<IConnections>().ListMembersAsync(group ?? _room);
        return members.Users.Sum(user => user.ConnectionCount);
    }

    private async Task HasAsync(int count, string? group = null) => (await CountAsync(group)).Should().Be(count);

    public sealed class InMemory(InMemoryNode node) : GroupControlContract, IClassFixture<InMemoryNode>
    {
        protected override IReadOnlyList<Node> Nodes => [node.Node];
    }

    public sealed class OnTwoNodes(TwoNodes nodes) : GroupControlContract, IClassFixture<TwoNodes>
    {
        protected override IReadOnlyList<Node> Nodes => [nodes.First, nodes.Second];
    }
}
