using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RealtimeHub.Client;
using RealtimeHub.Publishing;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.EndToEnd;

public sealed class StormTests
{
    private const int Users = 2_000;
    private const int AtOnce = 100;

    /// <summary>What Redis's distance adds to a round trip is twice this.</summary>
    private static readonly TimeSpan Distance = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task With_Redis_two_milliseconds_away_each_of_2000_users_is_reached_by_what_is_published_the_moment_it_has_started()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var wire = new Wire(Distance, redis.Port);
        await using var node = ServerProcess.Start("Production", "--Redis:Connection", $"127.0.0.1:{wire.Port}");
        var hub = new Uri(await node.AddressAsync(), "hub");
        using var backend = BackendOn(redis);
        await backend.StartAsync();

        var reached = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Users), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            await ReachAsync(hub, backend.Services, $"user {number}");
            Interlocked.Increment(ref reached);
        });

        reached.Should().Be(Users);
        await backend.StopAsync();
    }

    private static async Task ReachAsync(Uri hub, IServiceProvider backend, string user)
    {
        var message = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var tokens = backend.GetRequiredService<IAccessTokenStore>();
        await using var connection = new PushClient(new PushClientOptions
        {
            Url = hub,
            Token = async cancellationToken => (await tokens.MintAsync(new TokenRecord { Subject = user }, cancellationToken)).Reveal(),
        });
        connection.On("*", received =>
        {
            message.TrySetResult(received.Address);
            return Task.CompletedTask;
        });
        await connection.StartAsync();

        await backend.GetRequiredService<IPublisher>().PublishAsync(Address.User(user), "hello", 1, new PublishOptions { Transient = true });

        (await message.Task.WaitAsync(TimeSpan.FromSeconds(10))).Should().Be($"user:{user}");
    }

    private static IHost BackendOn(RedisServer redis)
    {
        var builder = Host.CreateApplicationBuilder(["--Redis:Connection", redis.Connection]);
        builder.Logging.ClearProviders();
        builder.Services.AddRealtimeHubTokens().AddRealtimeHubPublisher();
        return builder.Build();
    }
}
