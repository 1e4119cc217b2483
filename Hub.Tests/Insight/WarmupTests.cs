using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Insight;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Insight;

/// <summary>What a node does between its start and its readiness.</summary>
public sealed class WarmupTests : IAsyncLifetime
{
    private static readonly (string, string) On = ("Warmup:Enabled", "true");

    private readonly RedisServer _redis = new();

    public Task InitializeAsync() => _redis.InitializeAsync();

    public Task DisposeAsync()
    {
        _redis.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_node_is_ready_only_when_it_is_warm()
    {
        await using var node = Node.On(_redis, On);

        var before = await node.Client.GetAsync("/health/ready");
        before.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await before.Content.ReadAsStringAsync()).Should().Contain("The node is warming up.");
        (await node.Client.GetAsync("/health/live")).StatusCode.Should().Be(HttpStatusCode.OK);

        await ReadyAsync(node);

        (await node.Client.GetStringAsync("/health/ready")).Should().Contain("The node is warm.");
        LinesWith(node, "WarmedUp: ").Should().ContainSingle();
        LinesWith(node, "HealthChanged").Should().BeEmpty("to warm up is no incident");
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task It_goes_by_whichever_transport_the_node_has(string own)
    {
        await using var node = Node.On(_redis, On, ("Transport:Enabled", own));

        await ReadyAsync(node);

        LinesWith(node, "WarmupFailed").Should().BeEmpty();
    }

    [Fact]
    public async Task It_works_behind_a_path_under_a_few_names_for_foreign_pages_and_with_room_for_two()
    {
        await using var node = Node.On(
            _redis, On, ("PathBase", "/realtime"), ("AllowedHosts", "hub.example.com"), ("Origins:Allowed:0", "https://app.example.com"),
            ("Kestrel:Limits:MaxConcurrentUpgradedConnections", "2"));

        await ReadyAsync(node);

        LinesWith(node, "WarmupFailed").Should().BeEmpty();
    }

    [Fact]
    public async Task It_goes_the_way_of_a_backend_and_of_a_client_that_negotiates_as_well()
    {
        await using var node = Node.On(_redis, On);

        await ReadyAsync(node);

        foreach (var path in (string[])["/api/tokens", "/api/users/", "/api/groups/", "/api/messages", "/hub/negotiate"])
        {
            LinesWith(node, $"POST {node.Address}{path[1..]}").Should().NotBeEmpty();
        }

        LinesWith(node, "WarmupRound").Should().NotBeEmpty().And.OnlyContain(line => line.StartsWith("Debug ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Api:Keys:tests", Node.Unset)]
    [InlineData("Api:MessagesPerSecond", "1")]
    [InlineData("Kestrel:Limits:MaxConcurrentConnections", "9")]
    public async Task It_works_without_an_API_and_without_room_for_many(string key, string value)
    {
        await using var node = Node.On(_redis, On, (key, value));

        await ReadyAsync(node);

        LinesWith(node, "WarmupFailed").Should().BeEmpty();
    }

    [Fact]
    public async Task The_key_of_the_canary_opens_nothing_once_the_node_is_warm_and_never_did_at_another_node()
    {
        await using var node = Node.On(_redis, On);
        await using var another = Node.On(_redis);
        var key = node.Services.GetRequiredService<CanaryKey>().Reveal();
        await ReadyAsync(node);

        foreach (var asked in (Node[])[node, another])
        {
            using var request = Node.Api("/api/everyone/messages", new { type = "forged" });
            request.Headers.Remove("X-Api-Key");
            request.Headers.Add("X-Api-Key", key);
            (await asked.Client.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Its_tokens_count_as_nobody_s_and_those_of_users_count_meanwhile()
    {
        var spent = new ConcurrentQueue<object?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "realtimehub.token.spends")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, _, _) => spent.Enqueue(instrument.Meter.Scope));
        listener.Start();
        await using var node = Node.On(_redis, On);

        await using var alice = node.ClientFor("alice", skipNegotiation: true);
        await alice.StartAsync();
        await ReadyAsync(node);

        spent.Should().ContainSingle(scope => scope == node.Services.GetRequiredService<IMeterFactory>());
    }

    [Fact]
    public async Task A_node_in_memory_warms_up_as_well()
    {
        await using var node = new Node(On);

        await ReadyAsync(node);

        LinesWith(node, "WarmupFailed").Should().BeEmpty();
    }

    [Fact]
    public async Task In_Development_there_is_none()
    {
        await using var node = new Node(("Warmup:Enabled", Node.Unset));

        (await node.Client.GetStringAsync("/health/ready")).Should().Be(
            """{"status":"Healthy","checks":{"redis":{"status":"Healthy","description":"In memory."},"drain":{"status":"Healthy","description":"Takes new connections."}}}""");
        LinesWith(node, "WarmedUp").Should().BeEmpty();
    }

    [Fact]
    public async Task One_that_fails_says_why_and_gets_better_by_itself()
    {
        _redis.Kill();
        await using var node = Node.On(_redis, On);

        await Eventually.HoldsAsync(
            async () => (await DescriptionAsync(node)).StartsWith("The warm-up has failed", StringComparison.Ordinal));
        (await DescriptionAsync(node)).Should().Contain("Redis").And.Contain("is tried again").And.Contain("Warmup:Enabled");
        LinesWith(node, "WarmupFailed").Should().OnlyContain(line => line.StartsWith("Warning ", StringComparison.Ordinal)).And.NotBeEmpty();

        await _redis.RestartAsync();

        await ReadyAsync(node);
    }

    [Fact]
    public async Task It_leaves_nothing_in_Redis_but_spent_tokens_that_die_within_a_minute()
    {
        await using var node = Node.On(_redis, On);
        await ReadyAsync(node);

        var keys = _redis.Server.Keys().Select(key => key.ToString()).ToList();
        keys.Should().NotContain(
            key => key.Contains("canary", StringComparison.Ordinal) || key.EndsWith(":attached", StringComparison.Ordinal));
        var tokens = keys.Where(key => key.StartsWith("hub:token:", StringComparison.Ordinal)).ToList();
        (await Task.WhenAll(tokens.Select(key => _redis.Database.KeyTimeToLiveAsync(key))))
            .Should().NotBeEmpty().And.OnlyContain(left => left <= TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Nobody_gets_any_of_it_and_two_nodes_that_warm_up_at_once_do_not_disturb_each_other()
    {
        await using var watching = Node.On(_redis);
        await using var alice = watching.ClientFor("alice");
        var received = await Received.ByAsync(alice);
        await using var first = Node.On(_redis, On);
        await using var second = Node.On(_redis, On);
        _ = (first.Address, second.Address);

        await Task.WhenAll(ReadyAsync(first), ReadyAsync(second));

        await watching.Publisher.PublishAsync(Address.Everyone, "last", "last");
        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("last", "nothing came before it");
        foreach (var node in (Node[])[first, second])
        {
            foreach (var suspicion in (string[])["WarmupFailed", "Refused: ", "TokenReplayed", "ConnectionEnded", "MessagesMissed"])
            {
                LinesWith(node, suspicion).Should().BeEmpty();
            }
        }
    }

    [Fact]
    public async Task A_node_that_is_stopped_while_it_warms_up_ends_soon_and_sends_no_canary_away()
    {
        await using var node = Node.On(_redis, On);
        _ = node.Address;
        await Eventually.HoldsAsync(() => Task.FromResult(_redis.Server.Keys(pattern: "*canary*").Any()));

        var stopping = Stopwatch.StartNew();
        await node.DisposeAsync();

        stopping.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
        LinesWith(node, "ConnectionEnded").Should().BeEmpty();
        _redis.Server.Keys(pattern: "*canary*").Should().BeEmpty();
    }

    private static IEnumerable<string> LinesWith(Node node, string text) =>
        node.Log.Lines.Where(line => line.Contains(text, StringComparison.Ordinal));

    private static Task ReadyAsync(Node node) =>
        Eventually.HoldsAsync(async () => (await node.Client.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);

    private static async Task<string> DescriptionAsync(Node node)
    {
        using var answer = await node.Client.GetAsync("/health/ready");
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("checks").GetProperty(WarmupCheck.Name).GetProperty("description").GetString()!;
    }
}
