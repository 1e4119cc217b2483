using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using RealtimeHub.Tests.Documentation;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Deploy;

/// <summary>The board for Grafana and the alerts for Prometheus in <c>deploy/</c>, beside what a server really measures.</summary>
public sealed partial class MonitoringTests : IAsyncLifetime
{
    private const string Alerts = "prometheus/alerts.yml";
    private const string AlertTests = "prometheus/alerts.test.yml";
    private const string Operations = "docs/operations.md";

    private readonly RedisServer _redis = new();

    public Task InitializeAsync() => _redis.InitializeAsync();

    public Task DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task Each_alert_fires_when_it_is_to_and_is_silent_while_all_is_well()
    {
        (await PromtoolAsync("check", "rules", DeployedFile.PathOf(Alerts))).Should().Contain("SUCCESS");
        (await PromtoolAsync("test", "rules", DeployedFile.PathOf(AlertTests))).Should().Contain("SUCCESS").And.NotContain("FAILED");

        var tests = DeployedFile.Read(AlertTests);
        var well = tests[tests.IndexOf("all is well", StringComparison.Ordinal)..tests.IndexOf("a node does not answer", StringComparison.Ordinal)];
        Alert().Matches(DeployedFile.Read(Alerts)).Should().HaveCountGreaterThan(15)
            .And.OnlyContain(alert => tests.Contains($"alertname=\"{alert.Groups["name"].Value}\"", StringComparison.Ordinal), "a test shows it fire");
        Selector().Matches(DeployedFile.Read(Alerts)).Should().OnlyContain(
            selector => well.Contains(selector.Groups["metric"].Value, StringComparison.Ordinal), "without it the alert is silent anyhow");
    }

    [Fact]
    public void Each_alert_says_what_is_wrong_and_leads_to_what_to_do()
    {
        var headings = Page.Text(Operations).Split('\n').Where(line => line.StartsWith("### ")).Select(line => line["### ".Length..]).ToList();

        foreach (Match alert in Alert().Matches(DeployedFile.Read(Alerts)))
        {
            var (name, text) = (alert.Groups["name"].Value, alert.Value.TrimEnd() + "\n");
            headings.Should().Contain(name);
            text.Should().ContainAll("severity: ", "summary: '", "description: '", $"runbook: {Operations}#{name.ToLowerInvariant()}\n");
        }
    }

    [Fact]
    public async Task Prometheus_understands_each_expression_of_the_board()
    {
        var rules = Path.Combine(Directory.CreateTempSubdirectory("hub-board-").FullName, "rules.yml");
        var all = Expressions().Select((expression, index) => $"      - {{ record: 'board:{index}', expr: {JsonSerializer.Serialize(Filled(expression))} }}\n");
        await File.WriteAllTextAsync(rules, $"groups:\n  - name: board\n    rules:\n{string.Concat(all)}");

        (await PromtoolAsync("check", "rules", rules)).Should().Contain($"SUCCESS: {Expressions().Count} rules found");

        static string Filled(string expression) =>
            expression.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_board_and_alerts_ask_for_is_there_with_these_labels()
    {
        await using var server = await MeasuredServer.StartAsync(_redis, [], "--RabbitMq:Uri", $"amqp://127.0.0.1:{LoopbackPort.Next()}");
        await DoOfEverythingAsync(server);
        var scraped = await server.ScrapeAsync();
        var labels = scraped.Series.ToLookup(
            series => series.Split('{')[0], series => Label().Matches(series).Select(label => label.Groups["name"].Value));

        foreach (var expression in Expressions().Append(DeployedFile.Read(Alerts)))
        {
            var asked = By().Replace(expression, "");
            foreach (Match selector in Selector().Matches(asked))
            {
                var metric = selector.Groups["metric"].Value;
                var given = labels[metric].SelectMany(names => names).Concat(["instance"]).ToHashSet();
                scraped.Names.Should().Contain(metric);
                foreach (Match matcher in Label().Matches(selector.Groups["matchers"].Value))
                {
                    given.Should().Contain(matcher.Groups["name"].Value, "{0} is asked for that", metric);
                    ValuesOf(matcher).Should().OnlyContain(value => IsKnown(metric, matcher.Groups["name"].Value, value));
                }
            }
        }

        foreach (var expression in Expressions())
        {
            var metrics = Selector().Matches(By().Replace(expression, "")).Select(selector => selector.Groups["metric"].Value);
            var given = metrics.SelectMany(metric => labels[metric]).SelectMany(names => names).Concat(["instance"]).ToHashSet();
            By().Matches(expression).SelectMany(by => by.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries))
                .Should().BeSubsetOf(given);
        }
    }

    /// <summary>Whether a label may have a value, as the pages for operators and developers have it.</summary>
    private static bool IsKnown(string metric, string label, string value)
    {
        var row = Page.Text(Operations).Split('\n').SingleOrDefault(
            line => line.StartsWith("| `realtimehub.", StringComparison.Ordinal)
                && metric.StartsWith(line.Split('`')[1].Replace('.', '_'), StringComparison.Ordinal));
        return label is "instance"
            || (row?.Contains($"`{label}`", StringComparison.Ordinal) == true
                && (label == "code" ? Page.Text("docs/protocol.md") : row).Contains($"`{value}`", StringComparison.Ordinal));
    }

    private static string[] ValuesOf(Match matcher) => matcher.Groups["value"].Value.Split('|');

    private static List<string> Expressions()
    {
        using var board = JsonDocument.Parse(DeployedFile.Read("grafana/realtimehub.json"));
        return [.. board.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.TryGetProperty("targets", out var targets) ? targets.EnumerateArray().ToArray() : [])
            .Select(target => target.GetProperty("expr").GetString()!)];
    }

    /// <summary>Somebody comes, is told something, resumes and is ended; and shows what is not good.</summary>
    private static async Task DoOfEverythingAsync(MeasuredServer server)
    {
        await using var client = server.ClientFor("alice", "room");
        var received = await Received.ByAsync(client);
        await server.PostAsync("api/users/alice/messages", new { type = "t", payload = 1 });
        await received.NextAsync();
        foreach (var shown in (string[])["", $"&access_token=wsreconnectYWxpY2U.{new string('A', 43)}"])
        {
            using var http = new HttpClient();
            (await http.PostAsync(new Uri(server.Address, $"hub/negotiate?negotiateVersion=1{shown}"), content: null))
                .StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        }

        await server.EndAsync("alice");
    }

    private static async Task<string> PromtoolAsync(params string[] arguments)
    {
        var run = await CommandRun.OfProgramAsync("promtool", arguments, []);
        run.ExitCode.Should().Be(0, run.Output + run.Error);
        return run.Output + run.Error;
    }

    [GeneratedRegex(@"- alert: (?<name>\w+)\n.*?(?=\n\n|\z)", RegexOptions.Singleline)]
    private static partial Regex Alert();

    [GeneratedRegex(@"\b(?<metric>(realtimehub|signalr|dotnet)_\w+)(\{(?<matchers>[^}]*)\})?")]
    private static partial Regex Selector();

    [GeneratedRegex("(?<name>\\w+)(=~|!~|!=|=)\"(?<value>[^\"]*)\"")]
    private static partial Regex Label();

    [GeneratedRegex(@"by \((?<labels>[^)]*)\)")]
    private static partial Regex By();
}
