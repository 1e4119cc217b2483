using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Connections;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Connections;

/// <summary>All that an <c>IHubContext</c> offers, from a node that has none of the connections.</summary>
public sealed class HubContextTests(TwoNodes nodes) : IClassFixture<TwoNodes>, IAsyncLifetime
{
    private HubConnection _alice = null!;
    private HubConnection _bob = null!;
    private Received _byAlice = null!;
    private Received _byBob = null!;

    private static IHubClients<IPushClient> ClientsOf(Node node) => node.Hub.Clients;

    public async Task InitializeAsync()
    {
        _alice = nodes.First.ClientFor(async () => await nodes.First.MintAsync("alice", "both", "alice's"));
        _bob = nodes.Second.ClientFor(async () => await nodes.Second.MintAsync("bob", "both", "bob's"));
        (_byAlice, _byBob) = (await Received.ByAsync(_alice), await Received.ByAsync(_bob));
    }

    public async Task DisposeAsync()
    {
        await _alice.DisposeAsync();
        await _bob.DisposeAsync();
    }

    public static TheoryData<string> CallsForAlice => ["user", "users", "group", "groups", "groupExcept", "allExcept", "client", "clients"];

    [Theory]
    [MemberData(nameof(CallsForAlice))]
    public async Task A_call_reaches_whom_it_is_for_on_another_node_and_nobody_else(string call)
    {
        var clients = ClientsOf(nodes.Second);
        var (aliceId, bobId) = (_alice.ConnectionId!, _bob.ConnectionId!);
        var target = call switch
        {
            "user" => clients.User("alice"),
            "users" => clients.Users("alice", "nobody"),
            "group" => clients.Group("alice's"),
            "groups" => clients.Groups("alice's", "nobody's"),
            "groupExcept" => clients.GroupExcept("both", bobId),
            "allExcept" => clients.AllExcept(bobId),
            "client" => clients.Client(aliceId),
            _ => clients.Clients(aliceId, "nobody"),
        };

        await target.Receive(PushMessage.Create(Address.User("alice"), call, 1));
        await clients.All.Receive(PushMessage.Create(Address.Everyone, "all", 1));

        (await TypesAsync(_byAlice, 2)).Should().BeEquivalentTo(call, "all");
        (await TypesAsync(_byBob, 1)).Should().Equal("all");
    }

    [Fact]
    public async Task A_call_is_no_message_of_a_log()
    {
        await ClientsOf(nodes.Second).User("alice").Receive(PushMessage.Create(Address.User("alice"), "live", 1));

        var message = await _byAlice.NextAsync();
        message.TryGetProperty("after", out _).Should().BeFalse();
        message.GetProperty("id").GetString().Should().StartWith("0-");
    }

    [Fact]
    public async Task A_connection_joins_and_leaves_a_group_from_any_node()
    {
        var groups = nodes.Second.Hub.Groups;

        await groups.AddToGroupAsync(_alice.ConnectionId!, "new");
        await nodes.Second.Publisher.PublishAsync(Address.Group("new"), "joined", 1);
        await groups.RemoveFromGroupAsync(_alice.ConnectionId!, "new");
        await nodes.Second.Publisher.PublishAsync(Address.Group("new"), "left", 1);
        await nodes.Second.Publisher.PublishAsync(Address.User("alice"), "end", 1);

        (await TypesAsync(_byAlice, 2)).Should().Equal("joined", "end");
    }

    [Fact]
    public async Task A_group_of_one_node_is_left_by_its_last_member_only()
    {
        await using var tab = nodes.First.ClientFor(async () => await nodes.First.MintAsync("alice", "both"));
        var onTab = await Received.ByAsync(tab);

        await nodes.Second.Hub.Groups.RemoveFromGroupAsync(_alice.ConnectionId!, "both");
        await nodes.Second.Publisher.PublishAsync(Address.Group("both"), "one", 1);

        (await TypesAsync(onTab, 1)).Should().Equal("one");
    }

    [Fact]
    public async Task Results_of_clients_are_not_offered() =>
        (await nodes.First.Services.GetRequiredService<IHubContext<PushHub>>().Clients.Client(_alice.ConnectionId!)
            .Awaiting(client => client.InvokeAsync<int>("Receive", CancellationToken.None)).Should().ThrowAsync<NotSupportedException>())
            .WithMessage("*not offered*");

    [Fact]
    public async Task A_connection_may_be_in_a_thousand_groups_and_not_one_more()
    {
        await using var member =
            nodes.First.ClientFor(async () => await nodes.First.MintAsync("member", [.. Enumerable.Range(0, 1_000).Select(number => $"g{number}")]));
        var received = await Received.ByAsync(member);

        await nodes.Second.Publisher.PublishAsync(Address.Group("g999"), "last", 1);
        var add = () => nodes.Second.Hub.Groups.AddToGroupAsync(member.ConnectionId!, "g1000");

        (await TypesAsync(received, 1)).Should().Equal("last");
        (await add.Should().ThrowAsync<InvalidOperationException>()).WithMessage("A connection may be in 1000 groups, with 65536 characters in all their names.");
    }

    private static async Task<string?[]> TypesAsync(Received received, int count)
    {
        var types = new string?[count];
        for (var index = 0; index < count; index++)
        {
            types[index] = (await received.NextAsync()).GetProperty("type").GetString();
        }

        return types;
    }
}
