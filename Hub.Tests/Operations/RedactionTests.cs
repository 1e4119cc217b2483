using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeHub.Operations;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Operations;

public sealed class RedactionTests
{
    private const string Token = "wstokenAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Theory]
    [InlineData("GET /hub?access_token=" + Token + "&x=1 - 101", "GET /hub?access_token=[redacted]&x=1 - 101")]
    [InlineData("GET /hub?ACCESS_TOKEN=eyJhbGciOi.x.y HTTP/1.1", "GET /hub?ACCESS_TOKEN=[redacted] HTTP/1.1")]
    [InlineData("/wsb?ws_token=wstoken0123456789abcdef0123456789abcdef", "/wsb?ws_token=[redacted]")]
    [InlineData("token " + Token + ".", "token [redacted].")]
    [InlineData("SET wstoken0123456789ABCDEF0123456789abcdef spent", "SET [redacted] spent")]
    [InlineData("wsgrantAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "[redacted]")]
    [InlineData("/hub?id=sj7Ejs28rleNXwzAH3fUWA&_=1", "/hub?id=[redacted]&_=1")]
    [InlineData("https%3A%2F%2Fh%2Fhub%3Faccess_token%3Dabc", "https%3A%2F%2Fh%2Fhub%3Faccess_token%3D[redacted]")]
    [InlineData("/orders?id=7 and the wstoken of the seed", "/orders?id=7 and the wstoken of the seed")]
    public void Text_loses_its_secrets_and_nothing_else(string text, string redacted) => SecretText.Redact(text).Should().Be(redacted);

    [Fact]
    public void A_log_entry_loses_them_in_its_message_its_values_and_its_exception()
    {
        using var log = new Log();
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace))
            .AddLogRedaction().AddLogRedaction()
            .BuildServiceProvider();
        var logger = services.GetRequiredService<ILogger<RedactionTests>>();

        logger.LogError(new InvalidOperationException($"inside {Token}", new IOException(Token)), "Failed {Url} at {Step}", new Uri($"http://h/hub?access_token={Token}"), 7);
        logger.LogInformation("Plain {Step}", 8);

        log.Leaks.Should().BeEmpty();
        log.Lines.First().Should().Contain("Failed http://h/hub?access_token=[redacted] at 7").And.Contain("[Step, 7]").And.Contain("inside [redacted]");
        log.Lines.Last().Should().Contain("Plain 8");
    }

    [Fact]
    public async Task A_full_run_at_Trace_level_logs_every_request_and_no_secret()
    {
        await using var node = new Node();
        var hub = new Authentication.RawHub(node);
        var token = await node.MintAsync("alice");
        await hub.UpgradeAsync($"access_token={token}");
        await hub.UpgradeAsync($"access_token={token}");
        await hub.UpgradeAsync($"access_token=garbage{token}%20x");
        await hub.UpgradeAsync("", ("Sec-WebSocket-Protocol", $"realtimehub, {await node.MintAsync("alice")}"));
        var (connection, grant) = await hub.NegotiatedAsync(await node.MintAsync("alice"));
        await hub.OpenAsync(connection, grant);
        await hub.UpgradeAsync($"id={connection}&access_token={grant}");
        await node.Client.GetAsync($"nowhere?access_token={token}&ws_token={token}");
        await node.Client.SendAsync(Node.Api("/api/tokens", new { sub = "alice" }));

        node.Log.Lines.Should().Contain(line => line.Contains("access_token=[redacted]"), "requests are still logged");
        node.Log.Leaks.Should().BeEmpty();
        node.Log.Lines.Should().NotContain(line => line.Contains(Node.ApiKey));
    }

    [Fact]
    public async Task No_trace_carries_a_secret()
    {
        var seen = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => seen.Enqueue($"{activity.DisplayName} {string.Join(' ', activity.TagObjects)}"),
        };
        ActivitySource.AddActivityListener(listener);
        await using var node = new Node();
        var hub = new Authentication.RawHub(node);
        var token = await node.MintAsync("alice");

        (await hub.SendAsync(HttpMethod.Post, $"hub/negotiate?negotiateVersion=1&access_token={token}", null)).EnsureSuccessStatusCode();

        await Eventually.HoldsAsync(() => Task.FromResult(seen.Any(activity => activity.Contains("/hub/negotiate", StringComparison.Ordinal))));
        seen.Should().NotContain(activity => activity.Contains(token));
    }

    [Fact]
    public async Task A_request_that_the_server_cannot_even_read_leaks_nothing()
    {
        await using var node = new Node();
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(node.Address.Host, node.Address.Port);
        await using var stream = socket.GetStream();

        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET /hub?access_token={Token} BROKEN\r\nHost: h\r\n\r\n"));
        await new StreamReader(stream).ReadToEndAsync();

        node.Log.Lines.Should().Contain(line => line.Contains("BROKEN") && line.Contains("access_token=[redacted]"), "Kestrel quotes the line");
        node.Log.Leaks.Should().BeEmpty();
    }
}
