using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Nodes;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Routing;

/// <summary>On a Cluster the keys of an address lie together, those of different ones on different primaries.</summary>
public sealed class RedisClusterTests : IAsyncLifetime
{
    private static readonly Address[] Attachable =
        [.. Enumerable.Range(0, 20).SelectMany(number => (Address[])[Address.User($"user {number}"), Address.Group($"{{{number}}}:room")])];

    private static readonly Address[] All = [Address.Everyone, .. Attachable];

    private RedisCluster _cluster = null!;
    private RouterNode _node = null!;
    private RouterNode _other = null!;

    public async Task InitializeAsync()
    {
        _cluster = await RedisCluster.StartAsync();
        _node = await RouterNode.OpenAsync(new FakeTimeProvider(), ("Redis:Connection", _cluster.Connection));
        _other = await RouterNode.OpenAsync(new FakeTimeProvider(), ("Redis:Connection", _cluster.Connection));
    }

    public async Task DisposeAsync()
    {
        await _other.DisposeAsync();
        await _node.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Wherever_its_keys_lie_an_address_is_attached_published_to_read_and_detached()
    {
        await Task.WhenAll(Attachable.Select(address => _node.Router.AttachAsync(address, "connection")));

        var ids = await Task.WhenAll(_other.Router.PublishAll([.. All.SelectMany(MessagesTo)]));

        await Eventually.HoldsAsync(() => Task.FromResult(_node.Delivered.Count == ids.Length));
        foreach (var address in All)
        {
            var log = (await _other.Router.ReadRetainedAsync(address, int.MaxValue)).Messages.Select(message => message.Id).ToList();
            log.Should().HaveCount(2);
            _node.Delivered.Where(message => message.Address == address).Select(message => message.Id).Should().Equal(log);
        }

        await Task.WhenAll(Attachable.Select(address => _node.Router.DetachAsync(address, "connection")));
    }

    [Fact]
    public async Task Wherever_his_keys_lie_that_a_user_comes_and_goes_is_told_once()
    {
        await using var node = await RouterNode.OpenAsync(
            new FakeTimeProvider(), ("Redis:Connection", _cluster.Connection), ("Presence:Address", "everyone"));
        var (presence, queue) = (node.Services.GetRequiredService<IPresence>(), node.Services.GetRequiredService<IEventQueue>());
        var users = Attachable.Where(address => address.IsUser).ToList();
        await Task.WhenAll(users.Select(user => node.Router.AttachAsync(user, "connection")));
        (await queue.LeaseAsync(most: 99, TimeSpan.FromSeconds(1))).Should().HaveCount(users.Count);
        await Task.WhenAll(users.Select(user => node.Router.DetachAsync(user, "connection")));

        await Eventually.HoldsAsync(async () =>
        {
            await Task.WhenAll(presence.ConcludeAsync(99), presence.ConcludeAsync(99));
            return (await Task.WhenAll(users.Select(TypesAsync))).All(types => types.Count == 2);
        });

        foreach (var user in users)
        {
            (await TypesAsync(user)).Should().Equal("user.online", "user.offline");
        }

        async Task<List<string>> TypesAsync(Address user) => [.. (await queue.ReadAsync(user, 9)).Select(waiting => waiting.Event!.Type)];
    }

    [Fact]
    public async Task Wherever_its_directory_lies_a_command_reaches_the_node_of_an_address()
    {
        await Task.WhenAll(Attachable.Select(address => _node.Router.AttachAsync(address, "connection")));

        await Task.WhenAll(Attachable.Select(address => _other.Router.SendCommandAsync(address, System.Text.Encoding.UTF8.GetBytes($"{address}"))));

        await Eventually.HoldsAsync(() => Task.FromResult(_node.Commands.Count == Attachable.Length));
        _node.Commands.Should().BeEquivalentTo(Attachable.Select(address => address.ToString()));
    }

    [Fact]
    public async Task Wherever_a_connection_and_the_notes_of_its_node_lie_it_is_found_and_its_node_told()
    {
        var users = Attachable.Where(address => !address.IsGroup).ToList();
        await Task.WhenAll(users.Select(user => _node.Router.AttachAsync(user, $"{user}")));
        await _other.Router.AttachAsync(Address.Everyone, "nameless");

        foreach (var node in (RouterNode[])[_node, _other])
        {
            var located = await node.Directory.LocateAsync([.. users.Select(user => $"{user}"), "nameless", "nobody"]);
            located.Should().HaveCount(users.Count + 1);
            located.Where(at => at.Value == _other.Id).Select(at => at.Key).Should().Equal("nameless");
            (await node.Router.SendCommandAsync(_node.Id, "hello"u8.ToArray())).Should().BeTrue();
            (await node.Directory.ConnectionsOfAsync(users)).Select(of => of.Single().Id).Should().Equal(users.Select(user => $"{user}"));
            (await node.Directory.UsersAsync(cursor: null, limit: 100)).Users.Select(user => $"{user.Key}").Should()
                .BeEquivalentTo(users.Select(user => $"{user}"));
        }

        await Eventually.HoldsAsync(() => Task.FromResult(_node.Commands.Count == 2));
    }

    [Fact]
    public async Task Wherever_its_keys_lie_a_connection_comes_back_to_another_node_and_is_swept_with_it()
    {
        var users = Attachable.Where(address => address.IsUser).ToList();
        await Task.WhenAll(users.Select(user => _node.Router.AttachAsync(user, $"old {user}", known: null, Details("aa"), "{}"u8.ToArray())));
        var reconnects = _other.Services.GetRequiredService<IReconnects>();

        var back = await Task.WhenAll(users.Select(
            user => reconnects.ReconnectAsync(user, "aa", new ReconnectingConnection($"new {user}", Details("bb")))));
        var again = await Task.WhenAll(users.Select(
            user => reconnects.ReconnectAsync(user, "aa", new ReconnectingConnection($"newer {user}", Details("cc")))));

        back.Select(one => one!.ReplacedId).Should().Equal(users.Select(user => $"old {user}"));
        again.Should().OnlyContain(one => one == null);
        (await _other.Directory.ConnectionsOfAsync(users)).Select(of => of.Single()).Should()
            .OnlyContain(connection => connection.Node == _other.Id && connection.Id.StartsWith("new "));
        (await _node.Directory.LocateAsync([.. users.Select(user => $"newer {user}")])).Should().BeEmpty("what was refused is not noted");

        await _other.Services.GetRequiredService<RedisSweeper>().SweepAsync(_other.Id);
        (await _node.Services.GetRequiredService<IReconnects>().ReconnectAsync(users[0], "bb")).Should().NotBeNull("it has left a tombstone");
        (await _node.Directory.ConnectionsOfAsync(users)).Should().OnlyContain(of => of.Count == 0);
    }

    private static ConnectionDetails Details(string secret) =>
        new() { Since = DateTimeOffset.UnixEpoch, Transport = "WebSockets", SecretHash = secret };

    [Fact]
    public async Task An_attach_that_cannot_be_noted_leaves_nothing_in_a_directory()
    {
        await _cluster.AllowKeysAsync("hub:{*");

        foreach (var address in Attachable)
        {
            await _node.Router.Awaiting(router => router.AttachAsync(address, ConnectionAt(address)))
                .Should().ThrowAsync<StoreUnavailableException>();
        }

        await _cluster.AllowKeysAsync("*");
        (await EnteredAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_taken_out_of_a_directory_stays_noted_and_goes_when_its_node_is_swept()
    {
        await Task.WhenAll(Attachable.Select(address => _node.Router.AttachAsync(address, ConnectionAt(address))));
        await _cluster.AllowKeysAsync("hub:node*");
        foreach (var address in Attachable)
        {
            await _node.Router.Awaiting(router => router.DetachAsync(address, ConnectionAt(address)))
                .Should().ThrowAsync<StoreUnavailableException>();
        }

        await _cluster.AllowKeysAsync("*");
        (await EnteredAsync()).Should().Equal(Attachable);
        await SweepAsync(_node.Id);

        (await EnteredAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_sweep_that_fails_at_a_directory_is_made_up_for_by_the_next_one()
    {
        await Task.WhenAll(Attachable.Select(address => _node.Router.AttachAsync(address, ConnectionAt(address))));
        await _cluster.AllowKeysAsync("hub:node*", "hub:{user*");

        await this.Awaiting(test => test.SweepAsync(_node.Id)).Should().ThrowAsync<StoreUnavailableException>();

        await _cluster.AllowKeysAsync("*");
        (await EnteredAsync()).Should().Equal(Attachable.Where(address => $"{address}".StartsWith("group:", StringComparison.Ordinal)));
        await SweepAsync(_node.Id);
        (await EnteredAsync()).Should().BeEmpty();
    }

    /// <summary>
    /// By this the router knows that what is published must not wait for another primary; of a single one the slot is negative.
    /// </summary>
    [Fact]
    public async Task The_client_library_tells_a_Cluster_from_a_single_primary()
    {
        using var single = new RedisServer();
        await single.InitializeAsync();

        _node.Services.GetRequiredService<RedisConnection>().IsCluster.Should().BeTrue();
        single.Database.Multiplexer.HashSlot("any").Should().BeNegative();
    }

    private static string ConnectionAt(Address address) => $"connection of {address}";

    /// <summary>The addresses in whose directory the node stands.</summary>
    private async Task<IReadOnlyList<Address>> EnteredAsync()
    {
        var entered = new List<Address>();
        foreach (var address in Attachable)
        {
            var entry = new DirectoryEntry(_node.Id, address, ConnectionAt(address));
            var directory = entry.Directory(_other.Services.GetRequiredService<RedisKeys>())!.Value;
            if (await _other.Services.GetRequiredService<RedisConnection>().Database.HashExistsAsync(directory, entry.Field))
            {
                entered.Add(address);
            }
        }

        return entered;
    }

    /// <summary>Lets the other node see that a node has died.</summary>
    private async Task SweepAsync(NodeId dead)
    {
        var life = _other.Services.GetRequiredService<RedisKeys>().Node(dead.Value);
        await _other.Services.GetRequiredService<RedisConnection>().Database.KeyDeleteAsync(life);
        await _other.Services.GetRequiredService<RedisSweeper>().SweepTheDeadAsync(_other.Id);
    }

    private static Envelope[] MessagesTo(Address address) =>
    [
        new(address, "{}"u8.ToArray()) { IdempotencyKey = "key", TimeToLive = TimeSpan.FromMinutes(1) },
        new(address, "{}"u8.ToArray()),
    ];
}
