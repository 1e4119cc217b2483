using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Hosting;

/// <summary>The metrics as Prometheus and collectors of OTLP get them, from a server as an operator runs it.</summary>
public sealed class MetricsExportTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();

    public Task InitializeAsync() => _redis.InitializeAsync();

    public Task DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task After_a_known_load_the_numbers_are_those_of_what_was_done()
    {
        await using var server = await MeasuredServer.StartAsync(_redis, []);
        await using var first = server.ClientFor("alice", "room");
        await using var second = server.ClientFor("alice");
        await using var third = server.ClientFor("bob", "room");
        Received[] all = [await Received.ByAsync(first), await Received.ByAsync(second), await Received.ByAsync(third)];
        for (var number = 0; number < 7; number++)
        {
            await server.PostAsync("api/users/alice/messages", new { type = "t", payload = number });
            await server.PostAsync("api/groups/room/messages", new { type = "t", payload = number, transient = true });
        }

        await server.PostAsync("api/everyone/messages", new { type = "last", payload = 0 });
        await Task.WhenAll(all.Select(async received =>
        {
            while ((await received.NextAsync()).GetProperty("type").GetString() != "last")
            {
                // Until it has come, all before it have.
            }
        }));
        (await new HttpClient().PostAsync(new Uri(server.Address, "hub/negotiate"), content: null)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);

        var scraped = await server.ScrapeAsync();

        scraped["realtimehub_connections_active"].Should().Be(3);
        scraped["realtimehub_addresses_active{kind=\"user\"}"].Should().Be(2);
        scraped["realtimehub_addresses_active{kind=\"group\"}"].Should().Be(1);
        scraped["realtimehub_connect_duration_seconds_count{outcome=\"opened\"}"].Should().Be(3);
        scraped["realtimehub_token_spends_total{outcome=\"accepted\"}"].Should().Be(3);
        scraped["realtimehub_refusals_total{code=\"token_missing\"}"].Should().Be(1);
        scraped["realtimehub_publish_duration_seconds_count{durability=\"durable\",kind=\"user\",outcome=\"published\"}"].Should().Be(7);
        scraped["realtimehub_publish_duration_seconds_count{durability=\"transient\",kind=\"group\",outcome=\"published\"}"].Should().Be(7);
        scraped["realtimehub_publish_duration_seconds_count{durability=\"durable\",kind=\"everyone\",outcome=\"published\"}"].Should().Be(1);
        scraped["realtimehub_deliveries_total{kind=\"user\"}"].Should().Be(7 * 2);
        scraped["realtimehub_deliveries_total{kind=\"group\"}"].Should().Be(7 * 2);
        scraped["realtimehub_deliveries_total{kind=\"everyone\"}"].Should().Be(3);
        scraped["realtimehub_resumes_total{outcome=\"current\"}"].Should().Be(3 * 2 + 2, "each has asked for all its addresses");
        scraped["realtimehub_redis_up"].Should().Be(1);
        scraped["realtimehub_node_draining"].Should().Be(0);
        scraped["signalr_server_active_connections{signalr_transport=\"web_sockets\"}"].Should().Be(3, "SignalR's own are there too");
        scraped.Names.Should().Contain(["kestrel_active_connections", "http_server_request_duration_seconds_count", "dotnet_gc_collections_total"]);
    }

    [Fact]
    public async Task Prometheus_own_tool_finds_the_format_right_and_nothing_wrong_with_our_names()
    {
        await using var server = await MeasuredServer.StartAsync(_redis, []);
        await using var client = server.ClientFor("alice");
        await Received.ByAsync(client);
        await server.PostAsync("api/users/alice/messages", new { type = "t", payload = 1 });
        var scraped = await server.ScrapeAsync();

        (await scraped.CheckAsync(line => line.Contains("realtimehub_", StringComparison.Ordinal))).Should().Be(new CommandRun(0, "", ""));
        var whole = await scraped.CheckAsync(_ => true);
        (whole.Output + whole.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().OnlyContain(
            line => line.StartsWith("dotnet_") && line.EndsWith("should not have \"_count\" suffix"), "these are .NET's own names");
    }

    [Fact]
    public async Task Thousands_of_users_make_no_more_series_than_one()
    {
        await using var server = await MeasuredServer.StartAsync(_redis, []);
        await VisitAsync(server, "first");
        var before = (await server.ScrapeAsync()).Series.Where(series => series.StartsWith("realtimehub_")).Order().ToList();

        for (var batch = 0; batch < 10; batch++)
        {
            await server.PostAsync("api/messages", new
            {
                messages = Enumerable.Range(0, 1_000).Select(number => new { address = $"user:user {batch} {number}", type = "t", payload = 1 }),
            });
        }

        await Task.WhenAll(Enumerable.Range(0, 200).Select(number => VisitAsync(server, $"visitor {number}")));

        var after = await server.ScrapeAsync();
        after.Series.Where(series => series.StartsWith("realtimehub_")).Order().Should().Equal(before);
        after.Text.Should().NotContainAny("visitor", "user 1", "room of");
    }

    [Fact]
    public async Task The_hub_s_address_has_no_metrics_and_theirs_has_nothing_else()
    {
        await using var server = await MeasuredServer.StartAsync(_redis, []);
        using var http = new HttpClient();

        (await http.GetAsync(new Uri(server.Address, "metrics"))).StatusCode.Should().Be(HttpStatusCode.NotFound);
        foreach (var path in (string[])["/", "/hub", "/api/users", "/health/live"])
        {
            (await http.GetAsync(new Uri(server.Metrics + path))).StatusCode.Should().Be(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task While_a_node_that_stops_sends_its_clients_away_its_metrics_can_be_read()
    {
        await using var server = await MeasuredServer.StartAsync(_redis, [], "--Drain:Time", "00:00:05");
        await using var client = server.ClientFor("alice");
        await Received.ByAsync(client);
        for (var other = 0; other < 30; other++)
        {
            await Received.ByAsync(server.ClientFor($"other {other}"));
        }

        await server.TerminateAsync();

        await Eventually.HoldsAsync(async () => (await server.ScrapeAsync())["realtimehub_node_draining"] == 1);
        await Eventually.HoldsAsync(
            async () => (await server.ScrapeAsync())["realtimehub_connections_ended_total{code=\"node_stopping\"}"] > 0);
        (await server.ExitCodeAsync()).Should().Be(0);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "/v1/metrics")]
    public async Task Where_the_environment_names_a_collector_it_is_sent_the_metrics(string variable, string path)
    {
        await using var collector = await OtlpCollector.StartAsync();
        var environment = new Dictionary<string, string>
        {
            [variable] = collector.Address + path,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-tenant=the hub's",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "50",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=tests",
        };

        await using var server = await MeasuredServer.StartAsync(_redis, environment);

        var (_, headers, body) = await collector.FirstOfAsync("realtimehub.redis.up");
        headers.Should().Contain("x-tenant: the hub's");
        body.Should().ContainAll(
            "service.name", "realtimehub", "service.instance.id", "deployment.environment.name", "tests",
            "realtimehub.connections.active", "dotnet.gc.collections");
        await collector.FirstOfAsync("realtimehub.redis.up");
        collector.Paths.Should().Equal(["/v1/metrics"], "the log stays here");
    }

    [Fact]
    public async Task The_environment_names_the_service_if_it_wants_to()
    {
        await using var server = await MeasuredServer.StartAsync(_redis, new() { ["OTEL_SERVICE_NAME"] = "push" });

        (await server.ScrapeAsync()).Text.Should().Contain("service_name=\"push\"");
    }

    [Fact]
    public async Task A_host_that_embeds_the_hub_exports_what_it_measures_by_its_own_means()
    {
        var exported = new List<Metric>();
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Services.AddPushHub();
        builder.Services.AddOpenTelemetry().WithMetrics(
            metrics => metrics.AddRealtimeHubInstrumentation().AddInMemoryExporter(exported));
        await using var app = builder.Build();
        app.MapPushHub();
        await app.StartAsync();

        app.Services.GetRequiredService<MeterProvider>().ForceFlush();

        exported.Select(metric => metric.Name).Should()
            .Contain(["realtimehub.connections.active", "realtimehub.node.draining"]).And.OnlyContain(name => name.StartsWith("realtimehub."));
    }

    [Fact]
    public async Task Who_asks_for_nothing_has_nothing_measured()
    {
        await using var node = new Node();

        node.Services.GetService<MeterProvider>().Should().BeNull();
    }

    /// <summary>Somebody comes, is told something in each way, and goes.</summary>
    private static async Task VisitAsync(MeasuredServer server, string name)
    {
        await using var client = server.ClientFor(name, $"room of {name}");
        var received = await Received.ByAsync(client);
        await server.PostAsync($"api/users/{name}/messages", new { type = "t", payload = name });
        await server.PostAsync($"api/groups/room of {name}/messages", new { type = "t", payload = name, transient = true });
        await received.NextAsync();
        await received.NextAsync();
        await server.PostAsync("api/messages", new { messages = new[] { new { address = $"user:{name}", type = "t", payload = 1 } } });
        await received.NextAsync();
    }
}
