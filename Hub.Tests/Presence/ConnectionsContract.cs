using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Presence;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Presence;

/// <summary>What backends are told of who is connected, with Redis and without.</summary>
public abstract class ConnectionsContract
{
    private readonly string _group = Guid.NewGuid().ToString("N");
    private readonly string _prefix = Guid.NewGuid().ToString("N")[..8];

    /// <summary>The node that clients connect to, by turns; all of it is asked of another, if there is one.</summary>
    protected abstract Node Entrance();

    protected abstract Node Asked { get; }

    private IConnections Connections => Asked.Services.GetRequiredService<IConnections>();

    [Fact]
    public async Task A_user_is_online_with_each_of_his_connections_and_then_is_not()
    {
        var alice = Name("alice");
        await using var first = await ConnectedAsync(alice, "tenant:7");
        await using var second = await ConnectedAsync(alice);
        await Eventually.HoldsAsync(async () => (await Connections.GetAsync(alice)).Connections.Count == 2);

        var seen = await Connections.GetAsync(alice);
        (seen.User, seen.Online).Should().Be((alice, true));
        seen.Connections.Should().BeInAscendingOrder(connection => connection.Since);
        seen.Connections.SelectMany(connection => connection.Labels).Should().Equal("tenant:7");
        seen.Connections.Should().OnlyContain(connection => connection.Transport == "WebSockets" && connection.Client!.StartsWith("Microsoft SignalR/"));

        await first.StopAsync();
        await second.StopAsync();
        await Eventually.HoldsAsync(async () => !(await Connections.GetAsync(alice)).Online);
        (await Connections.GetAsync(alice)).Connections.Should().BeEmpty();
    }

    [Fact]
    public async Task Whether_users_are_online_is_told_in_the_order_of_the_question()
    {
        var (alice, bob) = (Name("alice"), Name("bob"));
        await using var client = await ConnectedAsync(alice);
        await Eventually.HoldsAsync(async () => (await Connections.GetAsync(alice)).Online);

        var told = await Connections.GetStatusAsync([bob, alice, bob]);

        told.Should().Equal(new UserStatus(bob, false, 0), new UserStatus(alice, true, 1), new UserStatus(bob, false, 0));
    }

    [Fact]
    public async Task The_pages_of_a_list_have_everybody_who_is_connected()
    {
        string[] users = [.. Enumerable.Range(0, 25).Select(number => Name($"user{number}"))];
        var clients = await Task.WhenAll(users.Select(user => ConnectedAsync(user)));
        await Eventually.HoldsAsync(async () => (await Connections.GetStatusAsync(users)).All(user => user.Online));

        var listed = await PagesAsync(cursor => Connections.ListAsync(cursor, limit: 7));

        listed.Where(user => user.User.StartsWith(_prefix, StringComparison.Ordinal)).Should()
            .BeEquivalentTo(users.Select(user => new UserStatus(user, true, 1)));
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task The_members_of_a_group_come_by_name_each_once_with_all_his_connections_in_it()
    {
        string[] users = [.. Enumerable.Range(10, 15).Select(number => Name($"user{number}"))];
        var clients = await Task.WhenAll(users.Concat(users[..5]).Select(user => ConnectedAsync(user)));
        await using var outside = await ConnectedAsync(users[0], group: "");
        await Eventually.HoldsAsync(async () =>
            (await Connections.ListMembersAsync(_group)).Users.Sum(user => user.ConnectionCount) == clients.Length);

        foreach (var limit in (int[])[1, 4, 15, 100])
        {
            (await PagesAsync(cursor => Connections.ListMembersAsync(_group, cursor, limit))).Should()
                .Equal(users.Select((user, index) => new UserStatus(user, true, index < 5 ? 2 : 1)), $"a page may have {limit}");
        }

        (await Connections.ListMembersAsync(_group, users[^2])).Should()
            .BeEquivalentTo(new UserStatusPage([new(users[^1], true, 1)], Next: null));
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_group_that_nobody_is_in_has_no_members()
    {
        (await Connections.ListMembersAsync(_group)).Should().BeEquivalentTo(new UserStatusPage([], Next: null));
    }

    [Fact]
    public async Task Each_node_tells_of_itself()
    {
        await using var client = await ConnectedAsync(Name("alice"));
        await Eventually.HoldsAsync(async () => (await Connections.GetAsync(Name("alice"))).Online);
        var at = (await Connections.GetAsync(Name("alice"))).Connections.Single().Node;

        var nodes = await Connections.ListNodesAsync();

        nodes.Should().OnlyContain(
            node => node.Answers && node.Version == "0.1.0" && node.Machine == Environment.MachineName && node.Since != null);
        nodes.Single(node => node.Id == at).Connections.Should().BePositive();
    }

    [Fact]
    public async Task What_is_no_question_is_refused()
    {
        await Connections.Awaiting(all => all.GetAsync("")).Should().ThrowAsync<ArgumentException>();
        await Connections.Awaiting(all => all.GetStatusAsync(["alice", "a\nb"])).Should().ThrowAsync<ArgumentException>();
        await Connections.Awaiting(all => all.GetStatusAsync([.. Enumerable.Repeat("alice", 1_001)])).Should().ThrowAsync<ArgumentException>();
        await Connections.Awaiting(all => all.ListAsync(limit: 0)).Should().ThrowAsync<ArgumentException>();
        await Connections.Awaiting(all => all.ListAsync(limit: 1_001)).Should().ThrowAsync<ArgumentException>();
        await Connections.Awaiting(all => all.ListAsync("no cursor")).Should().ThrowAsync<FormatException>();
        await Connections.Awaiting(all => all.ListMembersAsync("")).Should().ThrowAsync<ArgumentException>();
    }

    private static async Task<List<UserStatus>> PagesAsync(Func<string?, Task<UserStatusPage>> pageAt)
    {
        var users = new List<UserStatus>();
        string? next = null;
        do
        {
            var page = await pageAt(next);
            users.AddRange(page.Users);
            next = page.Next;
        }
        while (next is not null);
        return users;
    }

    private string Name(string user) => $"{_prefix} {user}";

    private async Task<HubConnection> ConnectedAsync(string user, string? label = null, string? group = null)
    {
        var node = Entrance();
        var record = new TokenRecord { Subject = user, Labels = label is null ? [] : [label], Groups = group == "" ? [] : [group ?? _group] };
        var client = node.ClientFor(async () => (await node.Tokens.MintAsync(record)).Reveal(), skipNegotiation: true);
        await client.StartAsync();
        return client;
    }
}
