using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Control;
using RealtimeHub.Insight;
using RealtimeHub.Presence;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Insight;

/// <summary>The client that a node is of itself, all the time.</summary>
public sealed class CanaryTests : IAsyncLifetime
{
    private static readonly (string, string) On = ("Canary:Enabled", "true");

    private readonly RedisServer _redis = new();

    public Task InitializeAsync() => _redis.InitializeAsync();

    public async Task DisposeAsync() => await _redis.DisposeAsync();

    [Fact]
    public async Task Each_node_tells_how_long_messages_take_to_the_clients_of_each()
    {
        await using var first = Node.On(_redis, On);
        await using var second = Node.On(_redis, On);
        using var measured = new Measured(first);
        var (one, other) = (IdOf(first), IdOf(second));

        await Eventually.HoldsAsync(async () => (await NodesAsync(first)).All(node => node.Latencies?.Count == 2));

        foreach (var node in await NodesAsync(second))
        {
            node.Latencies!.Keys.Should().BeEquivalentTo(one, other);
            node.Latencies.Values.Should().OnlyContain(seconds => seconds > 0 && seconds < 5);
        }

        measured.CountOf("realtimehub.canary.latency{way=own}").Should().BePositive();
        measured.CountOf("realtimehub.canary.latency{way=other}").Should().BePositive();
        (await HealthAsync(first)).Should().Be((HttpStatusCode.OK, "Healthy", "Messages come to the client of each node."));
    }

    [Fact]
    public async Task Over_the_API_a_node_has_its_latencies()
    {
        await using var node = new Node(On);

        await Eventually.HoldsAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/nodes") { Headers = { { "X-Api-Key", Node.ApiKey } } };
            using var answer = await node.Client.SendAsync(request);
            var told = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("nodes")[0];
            return told.TryGetProperty("latencies", out var latencies) && latencies.TryGetProperty(IdOf(node), out var own) && own.GetDouble() > 0;
        });
    }

    [Fact]
    public async Task It_counts_as_nobody_and_gets_nothing_that_is_for_everyone()
    {
        await using var node = Node.On(_redis, On);
        using var measured = new Measured(node);
        await MeasuredAsync(measured, "realtimehub.canary.latency{way=own}", 2);

        await using var alice = node.ClientFor("alice");
        var received = await Received.ByAsync(alice);
        await node.Publisher.PublishAsync(Address.Everyone, "first", "of all");
        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("first", "nobody gets what canaries tell each other");

        measured["realtimehub.connections.active"].Should().Be(1);
        measured["realtimehub.addresses.active{kind=user}"].Should().Be(1);
        measured["realtimehub.token.spends{outcome=accepted}"].Should().Be(1);
        measured.CountOf("realtimehub.publish.duration{durability=transient,kind=user,outcome=published}").Should().Be(0);
        measured["realtimehub.deliveries{kind=user}"].Should().Be(0);
        measured["realtimehub.deliveries{kind=everyone}"].Should().Be(1);
        (await NodesAsync(node)).Single().Connections.Should().Be(1);
        var users = await node.Services.GetRequiredService<IConnections>().ListAsync();
        users.Users.Select(user => user.User).Should().Equal("alice");
        _redis.Server.Keys(pattern: "*canary*:log*").Should().BeEmpty("it is kept in no log");
    }

    [Fact]
    public async Task Nobody_can_be_it_though_its_name_is_known()
    {
        await using var node = Node.On(_redis, On);
        using var measured = new Measured(node);
        await MeasuredAsync(measured, "realtimehub.canary.latency{way=own}", 1);

        await using var impostor = node.ClientFor(NameOf(node), skipNegotiation: true);

        await impostor.Invoking(client => client.StartAsync()).Should().ThrowAsync<Exception>();
        await using var negotiating = node.ClientFor(NameOf(node));
        (await negotiating.Invoking(client => client.StartAsync()).Should().ThrowAsync<HttpRequestException>())
            .Which.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_node_whose_own_way_fails_is_not_ready_and_the_other_is_degraded_until_it_works_again()
    {
        await using var broken = Node.On(_redis, On);
        await using var well = Node.On(_redis, On);
        _ = (broken.Address, well.Address);
        await Eventually.HoldsAsync(async () => (await NodesAsync(well)).All(node => node.Latencies?.Count == 2));
        var control = well.Services.GetRequiredService<IConnectionControl>();

        await control.BanAsync(NameOf(broken), TimeProvider.System.GetUtcNow().AddHours(1));

        await Eventually.HoldsAsync(async () => (await HealthAsync(broken)).Code == HttpStatusCode.ServiceUnavailable);
        (await HealthAsync(broken)).Description.Should().Contain("CanaryFailed").And.Contain("restart it").And.Contain("Canary:Enabled=false");
        await Eventually.HoldsAsync(async () => (await HealthAsync(well)).Status == "Degraded");
        var (code, _, description) = await HealthAsync(well);
        code.Should().Be(HttpStatusCode.OK);
        description.Should().Contain(IdOf(broken)).And.NotContain(IdOf(well)).And.Contain("/health/ready");
        (await NodesAsync(well)).Single(node => node.Id == IdOf(well)).Latencies![IdOf(broken)].Should().BeNull();

        await control.UnbanAsync(NameOf(broken));

        await Eventually.HoldsAsync(async () => (await HealthAsync(broken)).Status == "Healthy" && (await HealthAsync(well)).Status == "Healthy");
    }

    [Fact]
    public async Task A_connection_of_it_that_is_ended_is_opened_again()
    {
        await using var node = Node.On(_redis, On);
        using var measured = new Measured(node);
        await MeasuredAsync(measured, "realtimehub.canary.latency{way=own}", 1);

        (await node.Services.GetRequiredService<IConnectionControl>().EndUserAsync(NameOf(node))).Ended.Should().Be(1);

        var before = measured.CountOf("realtimehub.canary.latency{way=own}");
        await MeasuredAsync(measured, "realtimehub.canary.latency{way=own}", before + 3);
        LinesWith(node, "CanaryFailed").Should().NotBeEmpty().And.OnlyContain(line => line.StartsWith("Warning ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_stops_is_missed_by_no_other_and_sends_no_canary_away()
    {
        await using var staying = Node.On(_redis, On);
        await using var leaving = Node.On(_redis, On);
        _ = (staying.Address, leaving.Address);
        await Eventually.HoldsAsync(async () => (await NodesAsync(staying)).All(node => node.Latencies?.Count == 2));
        using var measured = new Measured(staying);

        await leaving.DisposeAsync();

        LinesWith(leaving, "ConnectionEnded").Should().BeEmpty();
        LinesWith(leaving, " Drained: ").Should().ContainSingle().Which.Should().Contain(" 0 connections");
        var before = measured.CountOf("realtimehub.canary.latency{way=own}");
        await MeasuredAsync(measured, "realtimehub.canary.latency{way=own}", before + 7);
        measured["realtimehub.canary.lost{way=other}"].Should().Be(0);
        (await HealthAsync(staying)).Status.Should().Be("Healthy");
    }

    [Fact]
    public async Task A_node_that_is_drained_has_none_any_more_and_runs_on()
    {
        await using var node = Node.On(_redis, On);
        await Eventually.HoldsAsync(async () => (await NodesAsync(node)).All(one => one.Latencies?.Count == 1));
        using var request = Node.Api($"/api/nodes/{IdOf(node)}/drain", new { });
        (await node.Client.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.Accepted);

        await Eventually.HoldsAsync(async () => (await NodesAsync(node)).Single().Latencies is null);

        LinesWith(node, "ConnectionEnded").Should().BeEmpty();
        await Eventually.HoldsAsync(() => Task.FromResult(LinesWith(node, " Drained: ").Any()));
        LinesWith(node, " Drained: ").Single().Should().Contain(" 0 connections");
        await Eventually.HoldsAsync(() => Task.FromResult(!_redis.Server.Keys(pattern: "*canary*").Any()));
    }

    [Fact]
    public async Task While_Redis_is_away_it_writes_a_few_lines_and_is_well_again_by_itself()
    {
        await using var node = Node.On(_redis, On);
        using var measured = new Measured(node);
        await MeasuredAsync(measured, "realtimehub.canary.latency{way=own}", 1);

        _redis.Kill();
        await Eventually.HoldsAsync(() => Task.FromResult(measured["realtimehub.canary.lost{way=own}"] >= 3));
        LinesWith(node, "CanaryFailed").Count().Should().BeInRange(1, 5);
        await _redis.RestartAsync();

        await Eventually.HoldsAsync(async () => (await HealthAsync(node)).Status == "Healthy");
    }

    [Fact]
    public async Task In_Development_there_is_none()
    {
        await using var node = new Node(("Canary:Enabled", Node.Unset));

        (await node.Client.GetStringAsync("/health/ready")).Should().NotContain("canary");
        (await NodesAsync(node)).Single().Latencies.Should().BeNull();
    }

    private static string IdOf(Node node)
    {
        _ = node.Address;
        return node.Services.GetRequiredService<NodeId>().Value;
    }

    private static string NameOf(Node node) => $"canary:{IdOf(node)}";

    private static Task<IReadOnlyList<NodeStatus>> NodesAsync(Node node)
    {
        _ = node.Address;
        return node.Services.GetRequiredService<IConnections>().ListNodesAsync();
    }

    private static Task MeasuredAsync(Measured measured, string series, long count) =>
        Eventually.HoldsAsync(() => Task.FromResult(measured.CountOf(series) >= count));

    private static IEnumerable<string> LinesWith(Node node, string text) =>
        node.Log.Lines.Where(line => line.Contains(text, StringComparison.Ordinal));

    private static async Task<(HttpStatusCode Code, string? Status, string? Description)> HealthAsync(Node node)
    {
        using var answer = await node.Client.GetAsync("/health/ready");
        var check = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("checks").GetProperty(CanaryCheck.Name);
        return (answer.StatusCode, check.GetProperty("status").GetString(), check.GetProperty("description").GetString());
    }
}
