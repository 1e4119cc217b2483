using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
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
    public async Task Wherever_its_directory_lies_a_command_reaches_the_node_of_an_address()
    {
        await Task.WhenAll(Attachable.Select(address => _node.Router.AttachAsync(address, "connection")));

        await Task.WhenAll(Attachable.Select(address => _other.Router.SendCommandAsync(address, System.Text.Encoding.UTF8.GetBytes($"{address}"))));

        await Eventually.HoldsAsync(() => Task.FromResult(_node.Commands.Count == Attachable.Length));
        _node.Commands.Should().BeEquivalentTo(Attachable.Select(address => address.ToString()));
    }

    /// <summary>
    /// By this the router knows that what is published must not wait for another primary; of a single one the slot is negative.
    /// </summary>
    [Fact]
    public async Task The_client_library_tells_a_Cluster_from_a_single_primary()
    {
        using var single = new RedisServer();
        await single.InitializeAsync();

        _node.Services.GetRequiredService<RedisConnection>().Multiplexer.HashSlot("any").Should().BeGreaterThanOrEqualTo(0);
        single.Database.Multiplexer.HashSlot("any").Should().BeNegative();
    }

    private static Envelope[] MessagesTo(Address address) =>
    [
        new(address, "{}"u8.ToArray()) { IdempotencyKey = "key", TimeToLive = TimeSpan.FromMinutes(1) },
        new(address, "{}"u8.ToArray()),
    ];
}
