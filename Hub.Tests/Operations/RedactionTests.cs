using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Operations;
using RealtimeHub.Operations.Redaction;
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
    [InlineData("shown wsreconnectYQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.", "shown [redacted].")]
    [InlineData("/x/wsreconnectYWxpY2U%2eAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/y", "/x/[redacted]/y")]
    [InlineData("wsreconnectYWxpY2Uu...", "[redacted]...")]
    [InlineData("{\"reconnectSecret\":\"anything\"}", "{\"reconnectSecret\":\"[redacted]\"}")]
    [InlineData("a wsreconnect secret", "a wsreconnect secret")]
    [InlineData("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "[redacted]")]
    [InlineData("/hub?id=sj7Ejs28rleNXwzAH3fUWA&_=1", "/hub?id=[redacted]&_=1")]
    [InlineData("https%3A%2F%2Fh%2Fhub%3Faccess_token%3Dabc", "https%3A%2F%2Fh%2Fhub%3Faccess_token%3D[redacted]")]
    [InlineData("/hub?%61ccess%5Ftoken=abc&x=1", "/hub?%61ccess%5Ftoken=[redacted]&x=1")]
    [InlineData("/hub?access%255ftoken=abc def", "/hub?access%255ftoken=[redacted] def")]
    [InlineData("/hub?access_token=a%26b%20c&x", "/hub?access_token=[redacted]&x")]
    [InlineData("/x/%77s%74oken%41AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/y", "/x/[redacted]/y")]
    [InlineData("/x?y=ws%2574oken%2541AAAAAAAAAAAAAAAAA", "/x?y=[redacted]")]
    [InlineData(@"{""\u0061ccess_token"":""abc""}", @"{""\u0061ccess_token"":""[redacted]""}")]
    [InlineData("/hub?%69d=sj7Ejs28rleNXwzAH3fUWA", "/hub?%69d=[redacted]")]
    [InlineData("/hub?i%64%3D%73j7Ejs28rleNXwzAH3fUWA&x", "/hub?i%64%3D[redacted]&x")]
    [InlineData("'/hub?id=sj7Ejs28rleN...'", "'/hub?id=[redacted]...'")]
    [InlineData("wstokenAAAAAAAAAAAAA...", "[redacted]...")]
    [InlineData("/orders?id=3f2504e0-4f89-11d3-9a0c-0305e82c3301", "/orders?id=3f2504e0-4f89-11d3-9a0c-0305e82c3301")]
    [InlineData("/hub?access_token=eyJhbGciOi.eyJzdWIi.x-y_z", "/hub?access_token=[redacted]")]
    [InlineData("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.x-y_z here", "jwt [redacted] here")]
    [InlineData("Invalid request header: 'X-Api-K\\x01ey: a secret'", "Invalid request header: '[redacted]'")]
    [InlineData("Invalid request line: 'x-api-key: a secret\\x0D'", "Invalid request line: 'x-api-key: [redacted]'")]
    [InlineData("?api_key=abc", "?api_key=[redacted]")]
    [InlineData("Authorization: ApiKey a secret", "Authorization: [redacted]")]
    [InlineData("sent Bearer 0123456789abcdef!", "sent Bearer [redacted]!")]
    [InlineData("Authorization failed. Show one of the keys of Api:Keys in the header X-Api-Key.", "Authorization failed. Show one of the keys of Api:Keys in the header X-Api-Key.")]
    [InlineData("amqp://hub:p%40s@s@broker:5672/v", "amqp://hub:[redacted]@broker:5672/v")]
    [InlineData("redis://:secret@h/0 and http://h:5080/x?y=a@b", "redis://:[redacted]@h/0 and http://h:5080/x?y=a@b")]
    [InlineData("localhost:6379,password=hunter2,x,ssl=true", "localhost:6379,password=[redacted]")]
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
        log.Lines.Should().HaveCount(2);
        log.Lines.First().Should().Contain("Failed http://h/hub?access_token=[redacted] at 7").And.Contain("[Step, 7]").And.Contain("inside [redacted]");
        log.Lines.Last().Should().Contain("Plain 8");
    }

    [Fact]
    public void A_log_entry_loses_them_in_scopes_in_lists_under_their_names_and_in_what_an_exception_carries()
    {
        var carrying = new InvalidOperationException("fine") { Data = { ["url"] = $"/hub?access_token={Token}" } };
        var lines = LinesOf(logger =>
        {
            using var text = logger.BeginScope($"scope {Token}");
            using var values = logger.BeginScope(new Dictionary<string, object> { ["X-Api-Key"] = "hunter2", ["TransportConnectionId"] = "sj7Ejs28rleNXwzAH3fUWA" });
            logger.LogError(new AggregateException(carrying), "Failed for {Password} with {Tokens}", "hunter2", new[] { Token });
        });

        lines.Should().ContainSingle().Which.Should().ContainAll("scope [redacted]", "for [redacted] with", "TransportConnectionId, #", "fine")
            .And.NotContainAny("hunter2", "sj7Ejs28rleNXwzAH3fUWA", Token);
    }

    [Fact]
    public void What_came_from_outside_stays_on_its_line_and_drives_no_terminal()
    {
        var lines = LinesOf(logger =>
        {
            using var scope = logger.BeginScope("scope\nFORGED");
            logger.LogError(new InvalidOperationException("inside\nFORGED\u001b[31m"), "Failed {What} at {Step}", "x\r\nFORGED\t\u001b[31m\u202e\u2028\u0085\u200f\U000e0001é👍", 7);
            logger.LogError("two\nlines of the code, one {Value}", "a\nb");
        });

        lines[0].Should().Contain(@"Failed x\r\nFORGED\t\u001b[31m\u202e\u2028\u0085\u200f\U000e0001é👍 at 7").And.Contain(@"inside\nFORGED\u001b[31m").And.Contain(@"scope\nFORGED")
            .And.NotContainAny("\u001b", "\nFORGED", "\u2028", "\u202e");
        lines[1].Should().Contain("two\nlines of the code, one a\\nb");
    }

    [Fact]
    public void What_the_framework_warns_of_a_thousand_times_is_told_once_a_second()
    {
        var time = new FakeTimeProvider();
        using var summary = new LogSummary(time);
        using var log = new Log();
        using var loggers =
            new RedactingLoggerFactory(LoggerFactory.Create(logging => logging.AddProvider(log))) { FrameworkSummary = summary };
        var kestrel = loggers.CreateLogger("Microsoft.AspNetCore.Server.Kestrel.Http2");

        for (var count = 0; count < 1_000; count++)
        {
            kestrel.Log(LogLevel.Critical, new EventId(60), "Connection {Id} is resetting", count);
        }

        kestrel.Log(LogLevel.Critical, new EventId(61), "Another");
        time.Advance(TimeSpan.FromSeconds(1));

        log.Lines.Should().HaveCount(3);
        log.Lines.Should().Contain(line => line.Contains("Connection 0 is resetting")).And.Contain(line => line.Contains("Another"))
            .And.Contain(line => line.Contains("Connection 999 is resetting (999 of these.)"));
    }

    [Fact]
    public void Nobody_makes_redaction_slow()
    {
        var text = string.Concat(Enumerable.Repeat("access_token://a:b%25252525secret=id=bearer Invalid request header: '", 1_000)) + new string('%', 30_000) + new string('x', 30_000);
        var clock = Stopwatch.StartNew();

        SecretText.Redact(text);

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5), "it takes milliseconds, and what grew with the square would take minutes");
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

    private static string[] LinesOf(Action<ILogger> write)
    {
        using var log = new Log();
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace)).AddLogRedaction().BuildServiceProvider();
        write(services.GetRequiredService<ILogger<RedactionTests>>());
        return [.. log.Lines];
    }
}
