using System.Net;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Nodes;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;
using StackExchange.Redis;

namespace RealtimeHub.Tests.Nodes;

/// <summary>
/// A process that is killed on a Cluster in the middle of an attach: the primary of its note has answered, that of the directory has not.
/// </summary>
public sealed class KilledAttachTests : IAsyncLifetime
{
    private RedisCluster _cluster = null!;
    private Node _survivor = null!;

    public async Task InitializeAsync()
    {
        _cluster = await RedisCluster.StartAsync();
        _survivor = new Node(("Redis:Connection", _cluster.Connection)) { Time = new FakeTimeProvider(TimeProvider.System.GetUtcNow()) };
        await _survivor.Client.GetAsync("/health/ready");
    }

    public async Task DisposeAsync()
    {
        await _survivor.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_leaves_nothing_for_ever_also_when_what_it_sent_last_arrives_after_it_was_swept(bool arrives)
    {
        var (dead, directory) = await KillInTheMiddleAsync();
        await RedisCluster.ReleaseWritesAsync(PortOf(directory));
        await Database.KeyDeleteAsync(Keys.Node(dead.Value));

        var note = (await Database.HashGetAllAsync(Keys.Attached(dead.Value))).Should().ContainSingle().Subject;
        await SweepAsync();
        (await Database.KeyExistsAsync(directory)).Should().BeFalse();
        if (arrives)
        {
            var entry = DirectoryEntry.Parse(dead, note.Name!, note.Value)!.Value;
            await Database.HashSetAsync(directory, entry.Field, entry.Value);
        }

        _survivor.Time!.Advance(RedisSweeper.Aftermath);
        await SweepAsync();

        (await Database.KeyExistsAsync(directory)).Should().BeFalse();
        (await Database.KeyExistsAsync(Keys.Attached(dead.Value))).Should().BeFalse();
        (await Database.SetMembersAsync(Keys.Nodes)).Should().Equal(Survivor.Value);
    }

    /// <summary>Kills a node that has noted what it attaches, and has no answer from the primary of the directory.</summary>
    private async Task<(NodeId Dead, RedisKey Directory)> KillInTheMiddleAsync()
    {
        await using var killed = ServerProcess.Start("Development", "--Redis:Connection", _cluster.Connection);
        var hub = new Uri(await killed.AddressAsync(), "hub");
        var dead = (await Database.SetMembersAsync(Keys.Nodes)).Select(id => new NodeId(id!)).Single(node => node != Survivor);
        var user = UserApartFrom(Keys.Attached(dead.Value));
        var directory = Keys.Of($"{user}").Connections;
        var token = await TokenApartFromAsync(directory, user);
        await using var alice = new HubConnectionBuilder().WithUrl(hub, HttpTransportType.WebSockets, options =>
        {
            options.AccessTokenProvider = () => Task.FromResult<string?>(token);
            options.SkipNegotiation = true;
        }).Build();

        await RedisCluster.HoldWritesAsync(PortOf(directory));
        await alice.StartAsync();

        await Eventually.HoldsAsync(() => Database.KeyExistsAsync(Keys.Attached(dead.Value)));
        (await Database.KeyExistsAsync(directory)).Should().BeFalse("the node waits for it");
        return (dead, directory);
    }

    private NodeId Survivor => _survivor.Services.GetRequiredService<NodeId>();

    private RedisKeys Keys => _survivor.Services.GetRequiredService<RedisKeys>();

    private RedisConnection Redis => _survivor.Services.GetRequiredService<RedisConnection>();

    private IDatabase Database => Redis.Database;

    /// <summary>A user whose directory lies on another primary than a key.</summary>
    private Address UserApartFrom(RedisKey key) => Enumerable.Range(0, 1_000).Select(number => Address.User($"{number}"))
        .First(user => PortOf(Keys.Of($"{user}").Connections) != PortOf(key));

    /// <summary>A token that can be spent while nothing is written on the primary of a key.</summary>
    private async Task<string> TokenApartFromAsync(RedisKey key, Address user)
    {
        while (true)
        {
            var token = await _survivor.MintAsync(user.Match(name => name, _ => "", () => ""));
            if (AccessToken.TryParse(token, out var parsed) && PortOf(Keys.Token(parsed.Hash)) != PortOf(key))
            {
                return token;
            }
        }
    }

    private int PortOf(RedisKey key) => ((IPEndPoint)Redis.Multiplexer.GetServer(key, flags: CommandFlags.DemandMaster).EndPoint).Port;

    private Task SweepAsync() => _survivor.Services.GetRequiredService<RedisSweeper>().SweepTheDeadAsync(Survivor);
}
