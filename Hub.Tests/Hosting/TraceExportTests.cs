using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Hosting;

/// <summary>The traces as collectors of OTLP get them, from a server as an operator runs it.</summary>
public sealed class TraceExportTests : IAsyncLifetime
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private readonly RedisServer _redis = new();

    public Task InitializeAsync() => _redis.InitializeAsync();

    public Task DisposeAsync() => _redis.DisposeAsync();

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "", null, false)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "/v1/traces", null, false)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "/v1/traces", "always_on", true)]
    public async Task A_collector_is_sent_the_traces_that_others_have_begun_and_more_if_the_environment_says_so(
        string variable, string path, string? sampler, bool isMore)
    {
        await using var collector = await OtlpCollector.StartAsync();
        var environment = new Dictionary<string, string>
        {
            [variable] = collector.Address + path,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["OTEL_TRACES_SAMPLER"] = sampler ?? "",
        };
        await using var server = await MeasuredServer.StartAsync(_redis, environment);
        await server.PostAsync("api/groups/untraced/messages", new { type = "t" });
        await (isMore ? collector.FirstOfAsync("send group") : Task.CompletedTask);
        await PublishAsync(server);

        var (_, _, body) = await collector.FirstOfAsync("send user");

        body.Should().ContainAll("service.name", "realtimehub", "service.instance.id").And.Contain(Encode(Trace), "it goes on");
        body.Should().NotContain("send group", "nobody has begun a trace of that, or it has come before");
    }

    [Fact]
    public async Task Who_asks_for_nothing_has_nothing_traced()
    {
        await using var node = new Node();

        node.Services.GetService<TracerProvider>().Should().BeNull();
    }

    private static async Task PublishAsync(MeasuredServer server)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "api/users/alice/messages"));
        request.Headers.Add("X-Api-Key", Node.ApiKey);
        request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        request.Content = JsonContent.Create(new { type = "t" });
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>As it stands in protobuf, which a collector reads as Latin-1.</summary>
    private static string Encode(string id) => System.Text.Encoding.Latin1.GetString(Convert.FromHexString(id));
}
