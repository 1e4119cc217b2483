using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Publishing;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Redis;

/// <summary>Another Redis takes over, without Sentinel. Nodes, and processes that only publish, find it by themselves.</summary>
/// <remarks>
/// It takes them two or three seconds. The client library by itself takes half a minute and more, or does not find it at all.
/// </remarks>
public sealed class FailOverTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_replica_that_is_promoted_while_its_primary_lives_is_found()
    {
        await using var pair = await RedisPair.StartAsync();
        await using var both = await NodeAndWorker.OnAsync(pair.Connection);

        await pair.ChangePlacesAsync();

        await both.GoOnAsync(Soon);
    }

    [Fact]
    public async Task A_replica_that_is_promoted_after_its_primary_has_died_is_found()
    {
        await using var pair = await RedisPair.StartAsync();
        await using var both = await NodeAndWorker.OnAsync(pair.Connection);

        await pair.ReplaceTheDeadAsync();

        await both.GoOnAsync(Soon);
    }

    [Fact]
    public async Task A_primary_that_comes_back_late_as_a_replica_is_not_taken_for_one()
    {
        await using var pair = await RedisPair.StartAsync();
        await using var both = await NodeAndWorker.OnAsync(pair.Connection);

        await pair.ReplaceTheDeadAsync();
        await pair.FollowAsync();

        await both.GoOnAsync(Soon);
    }

    [Fact]
    public async Task What_an_address_leads_to_is_found_when_it_has_moved()
    {
        await using var pair = await RedisPair.StartAsync();
        using var address = new MovableAddress(pair.PrimaryPort);
        await using var both = await NodeAndWorker.OnAsync(address.Connection);

        await pair.ChangePlacesAsync();
        address.MoveTo(pair.PrimaryPort);

        await both.GoOnAsync(Soon);
    }

    [Fact]
    public async Task The_new_primary_of_a_Cluster_is_found_for_every_address()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await cluster.AddReplicaAsync();
        await using var both = await NodeAndWorker.OnAsync(cluster.Connection);

        await cluster.FailOverAsync();

        await both.GoOnAsync(Soon);
    }

    private sealed class NodeAndWorker : IAsyncDisposable
    {
        private readonly Address[] _others = [.. Enumerable.Range(0, 30).Select(number => Address.User($"user{number}"))];
        private readonly Node _node;
        private readonly ServiceProvider _worker;
        private readonly HubConnection _alice;

        private NodeAndWorker(string connection)
        {
            _node = new Node(("Redis:Connection", connection));
            _alice = _node.ClientFor("alice");
            _worker = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection([KeyValuePair.Create("Redis:Connection", (string?)connection)]).Build())
                .AddRealtimeHubPublisher().BuildServiceProvider();
        }

        private Received Received { get; set; } = null!;

        public static async Task<NodeAndWorker> OnAsync(string connection)
        {
            var both = new NodeAndWorker(connection);
            both.Received = await Received.ByAsync(both._alice);
            await Eventually.HoldsAsync(both.IsWellAsync);
            return both;
        }

        /// <summary>Returns when both publish to everybody, the node is ready, and its client hears.</summary>
        public async Task GoOnAsync(TimeSpan timeout)
        {
            await Eventually.HoldsAsync(IsWellAsync, timeout);
            await Eventually.HoldsAsync(async () =>
            {
                // A stock client hears what is live: the first may come before the node hears again, and stand in the log only.
                await IsPublishedAsync(_worker.GetRequiredService<IPublisher>(), Address.User("alice"), "after");
                return !Received.IsEmpty;
            });
        }

        public async ValueTask DisposeAsync()
        {
            await _alice.DisposeAsync();
            await _worker.DisposeAsync();
            await _node.DisposeAsync();
        }

        private async Task<bool> IsWellAsync()
        {
            var published = await Task.WhenAll(_others.SelectMany(address => (Task<bool>[])
            [
                IsPublishedAsync(_worker.GetRequiredService<IPublisher>(), address, "t"),
                IsPublishedAsync(_node.Publisher, address, "t"),
            ]));
            return published.All(isPublished => isPublished) && (await _node.Client.GetAsync("/health/ready")).IsSuccessStatusCode;
        }

        private static async Task<bool> IsPublishedAsync(IPublisher publisher, Address address, string type)
        {
            try
            {
                await publisher.PublishAsync(address, type, 1);
                return true;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        }
    }
}
