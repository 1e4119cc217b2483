using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Tokens;
using StackExchange.Redis.Profiling;

namespace RealtimeHub.Tests.Routing;

/// <summary>What each step costs: by the count of Redis, and by what goes over the wire.</summary>
public sealed class RedisCostTests(RedisRouting redis) : RouterTests(redis), IClassFixture<RedisRouting>
{
    private const string Script = "EVALSHA";

    private readonly ProfilingSession _wire = new();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await LoadScriptsAsync();
        Node.Services.GetRequiredService<RedisConnection>().Multiplexer.RegisterProfiler(() => _wire);
    }

    public static TheoryData<string> Addresses => ["user:alice", "group:room", "everyone"];

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task A_durable_publish_is_one_script(string address) =>
        (await CostAsync(() => Router.PublishAsync(To(AddressOf(address), "hello")))).Should().Equal(Script);

    [Fact]
    public async Task A_publish_with_a_key_and_a_time_to_live_is_one_script() => (await CostAsync(() =>
        Router.PublishAsync(To(Alice, "hello") with { IdempotencyKey = "key", TimeToLive = TimeSpan.FromMinutes(1) }))).Should().Equal(Script);

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task A_transient_publish_is_one_script(string address) =>
        (await CostAsync(() => Router.PublishAsync(To(AddressOf(address), "typing") with { IsTransient = true }))).Should().Equal(Script);

    [Fact]
    public async Task An_attach_is_one_script_and_on_the_same_way_a_note_of_what_the_node_has_attached() =>
        (await CostAsync(() => Router.AttachAsync(Bob, "connection"))).Should().Equal("HSET", Script);

    [Fact]
    public async Task A_detach_is_one_script() =>
        (await CostAsync(() => Router.DetachAsync(Alice, "connection"))).Should().Equal(Script);

    [Fact]
    public async Task To_come_back_by_a_secret_is_one_script()
    {
        var reconnects = Node.Services.GetRequiredService<IReconnects>();
        await reconnects.ReconnectAsync(Bob, "unknown");
        await Router.AttachAsync(Bob, "old", known: null, Details("aa"), "{}"u8.ToArray());

        (await CostAsync(() => reconnects.ReconnectAsync(Bob, "aa", new ReconnectingConnection("new", Details("bb"))))).Should().Equal(Script);
        (await Directory.ConnectionsOfAsync([Bob])).Single().Should().ContainSingle(connection => connection.Id == "new");
    }

    /// <remarks>
    /// By a token: it is minted and spent, the new connection is attached, and the old one is taken out when its node is swept.
    /// </remarks>
    [Fact]
    public async Task To_come_back_by_a_secret_costs_Redis_half_of_what_it_costs_by_a_token()
    {
        var reconnects = Node.Services.GetRequiredService<IReconnects>();
        var tokens = Node.Services.GetRequiredService<ISpendingTokenStore>();
        await reconnects.ReconnectAsync(Bob, "unknown");
        foreach (var (connection, secret) in (IEnumerable<(string, string)>)[("dead", "dd"), ("old", "aa")])
        {
            await Router.AttachAsync(Bob, connection, known: null, Details(secret), "{}"u8.ToArray());
        }

        var byToken = await CallsAsync(async () =>
        {
            await tokens.SpendAsync(await tokens.MintAsync(new TokenRecord { Subject = "bob" }));
            await Router.AttachAsync(Bob, "back", known: null, Details("cc"), "{}"u8.ToArray());
            await Router.DetachAsync(Bob, "dead");
        });
        var bySecret = await CallsAsync(() => reconnects.ReconnectAsync(Bob, "aa", new ReconnectingConnection("new", Details("bb"))));

        bySecret.Should().BeLessThanOrEqualTo(byToken / 2);
    }

    /// <summary>How many commands Redis has carried out for a step, those of scripts included.</summary>
    private async Task<int> CallsAsync(Func<Task> step)
    {
        await redis.Redis.ResetCommandCallsAsync();
        await step();
        var calls = await redis.Redis.CommandCallsAsync();
        return calls.Values.Sum();
    }

    private static ConnectionDetails Details(string secret) =>
        new() { Since = DateTimeOffset.UnixEpoch, Transport = "WebSockets", SecretHash = secret };

    [Fact]
    public async Task A_read_is_one_script()
    {
        var ids = await PublishAsync([.. Enumerable.Range(0, 100).Select(number => $"{number}")]);

        (await CostAsync(() => ReadAsync(ids[0]))).Should().Equal(Script);
    }

    [Fact]
    public async Task The_head_is_one_script() => (await CostAsync(() => Router.HeadAsync(Alice))).Should().Equal(Script);

    [Fact]
    public async Task Who_publishes_many_waits_for_no_answer_in_between()
    {
        var publishing = Router.PublishAll([.. Enumerable.Range(0, 100).Select(number => To(Alice, $"{number}"))]);

        publishing.Should().Contain(publish => !publish.IsCompleted, "all are on their way before the last is answered");
        (await Task.WhenAll(publishing)).Should().HaveCount(100);
    }

    /// <summary>The commands that were sent for a step with one script.</summary>
    private async Task<IEnumerable<string>> CostAsync(Func<Task> step)
    {
        _wire.FinishProfiling();
        await redis.Redis.ResetCommandCallsAsync();

        await step();

        var sent = _wire.FinishProfiling().Select(command => command.Command).ToList();
        (await redis.Redis.CommandCallsAsync())["evalsha"].Should().Be(1);
        return sent;
    }

    private async Task LoadScriptsAsync()
    {
        await Router.DetachAsync(Alice, "connection");
        await Router.AttachAsync(Alice, "connection");
        foreach (var address in (Address[])[Alice, Address.Everyone])
        {
            await Router.PublishAsync(To(address, "before"));
            await Router.PublishAsync(To(address, "before") with { IsTransient = true });
        }

        await ReadAsync(after: null);
    }
}
