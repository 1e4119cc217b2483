using System.Collections.Concurrent;
using System.Text;
using RabbitMQ.Client;
using RealtimeHub.Client;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tests.Ingress.RabbitMq;
using StackExchange.Redis;
using MintedToken = RealtimeHub.Tokens.AccessToken;

namespace RealtimeHub.Tests.EndToEnd;

[Collection(RabbitMqCollection.Name)]
public sealed class RabbitMqTests(RabbitServer rabbit) : IAsyncLifetime
{
    private const int PerUser = 500;

    /// <summary>A killed node's successor is a process that starts, which on a busy machine takes its time.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static readonly string[] Users = [.. Enumerable.Range(0, 20).Select(number => $"user.{number}")];

    private readonly string _queue = RabbitServer.NewName();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<int>> _handled = new();

    private ServerProcess? _consuming;

    private int Handled => _handled.Values.Sum(numbers => numbers.Count);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => KillAsync();

    [Fact]
    public async Task Of_10000_messages_each_is_handled_once_and_in_order_though_the_consuming_node_is_killed_twice_on_the_way()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var surviving = ServerProcess.Start("Production", "--Redis:Connection", redis.Connection);
        var clients = await Task.WhenAll(Users.Select(async user => await ConnectAsync(await surviving.AddressAsync(), redis, user)));

        _consuming = StartConsuming(redis);
        await using var backend = await RabbitBackend.ConnectAsync(rabbit, _queue);
        await Eventually.HoldsAsync(() => Task.FromResult(_consuming.Output.Contains("Takes messages from the queue", StringComparison.Ordinal)), Deadline);
        var publishing = PublishAsync(backend);
        foreach (var enough in (int[])[2_500, 5_000])
        {
            await Eventually.HoldsAsync(() => Task.FromResult(Handled >= enough), Deadline);
            await KillAsync();
            Handled.Should().BeLessThan(Users.Length * PerUser, "it was killed on the way");
            _consuming = StartConsuming(redis);
        }

        await publishing;
        await Eventually.HoldsAsync(() => Task.FromResult(Handled >= Users.Length * PerUser), Deadline);
        await Eventually.HoldsAsync(async () => await backend.ReadyAsync() == 0);
        await KillAsync();
        await Eventually.HoldsAsync(async () => await backend.HasConsumersAsync(0));
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
        (await backend.ReadyAsync()).Should().Be(0, "what was delivered is acknowledged");
        foreach (var user in Users)
        {
            _handled[user].Should().Equal(Enumerable.Range(0, PerUser));
        }
    }

    /// <summary>To all users at once, to each one message after the other.</summary>
    private static Task PublishAsync(RabbitBackend backend) => Task.WhenAll(Users.Select(async user =>
    {
        for (var number = 0; number < PerUser; number++)
        {
            await backend.PublishJsonAsync(
                $"user.{user}", $$"""{"type":"numbered","payload":{{number}}}""", new BasicProperties { MessageId = $"{user} {number}", Persistent = true });
        }
    }));

    private async Task KillAsync()
    {
        await using (_consuming)
        {
            _consuming = null;
        }
    }

    private ServerProcess StartConsuming(RedisServer redis) => ServerProcess.Start("Production",
        ["--Redis:Connection", redis.Connection, .. rabbit.Settings(_queue).SelectMany(setting => new[] { $"--{setting.Key}", setting.Value })]);

    private async Task<PushClient> ConnectAsync(Uri address, RedisServer redis, string user)
    {
        var handled = _handled.GetOrAdd(user, _ => new ConcurrentQueue<int>());
        var connection =
            new PushClient(new PushClientOptions { Url = new Uri(address, "hub"), Token = async _ => await MintAsync(redis, user) });
        connection.On("numbered", message =>
        {
            handled.Enqueue(message.Payload.GetInt32());
            return Task.CompletedTask;
        });
        await connection.StartAsync();
        return connection;
    }

    /// <summary>As any backend that can write to Redis.</summary>
    private static async Task<string> MintAsync(RedisServer redis, string user)
    {
        var token = MintedToken.Create().Reveal();
        await redis.Database.StringSetAsync($"hub:token:{Node.Sha256(token)}", Encoding.UTF8.GetBytes($$"""{"sub":"{{user}}"}"""), TimeSpan.FromSeconds(20), When.NotExists);
        return token;
    }
}
