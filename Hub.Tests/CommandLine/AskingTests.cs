using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.CommandLine;

/// <summary>What an operator asks a hub over HTTP, from a machine that has nothing of it but its address and a key.</summary>
public sealed class AskingTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task The_status_says_that_it_works_and_how_many_nodes_and_connections_there_are()
    {
        await using var client = nodes.First.ClientFor("ada", skipNegotiation: true);
        await client.StartAsync();
        await Eventually.HoldsAsync(async () => (await RunAsync("status")).Output.Contains("connections\t1\n"));

        var run = await RunAsync("status");
        var asJson = (await RunAsync("status", "--json")).Json;

        run.Should().BeEquivalentTo(new { ExitCode = 0, Error = "" });
        run.Output.Should().StartWith("status\tHealthy\n").And.Contain("redis\tHealthy\n").And.Contain("nodes\t2\nsilent\t0\n");
        (asJson.GetProperty("status").GetString(), asJson.GetProperty("nodes").GetInt32()).Should().Be(("Healthy", 2));
    }

    [Fact]
    public async Task A_node_that_takes_no_clients_is_told_by_the_exit_code_and_why()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = Node.On(redis);
        var id = (await RunAsync(node.Address, Node.ApiKey, "nodes")).Output.Split('\t')[0];
        (await node.Client.SendAsync(Node.Api($"/api/nodes/{id}/drain", new { }))).EnsureSuccessStatusCode();

        var run = await RunAsync(node.Address, Node.ApiKey, "status");

        run.ExitCode.Should().Be(1);
        run.Output.Should().StartWith("status\tUnhealthy\n").And.MatchRegex(@"\tUnhealthy\t\w.+\.\n");
        (await RunAsync(node.Address, Node.ApiKey, "nodes")).Output.Should().EndWith("\tdraining\n");
    }

    [Fact]
    public async Task Nodes_and_users_and_the_connections_of_one_are_lines_with_tabs_or_JSON()
    {
        const string Name = "Zoë / \"?%2F";
        await using var client = nodes.Second.ClientFor(() => MintAsync(Name), skipNegotiation: true);
        await client.StartAsync();
        await Eventually.HoldsAsync(async () => (await RunAsync("users", "--json")).Output.Contains("Zoë"));

        var listed = (await RunAsync("nodes")).Output.TrimEnd('\n').Split('\n');
        var shown = await RunAsync("user", Name);
        var asJson = (await RunAsync("user", Name, "--json")).Json;

        listed.Should().HaveCount(2).And.OnlyContain(line => line.Split('\t').Length == 6 && line.EndsWith("\topen"));
        (await RunAsync("users")).Output.Should().Contain($"1\t{Name}\n");
        shown.Output.TrimEnd('\n').Split('\t').Should().HaveCount(6).And.Contain("WebSockets");
        asJson.GetProperty("user").GetString().Should().Be(Name);
        (await RunAsync("user", "nobody")).Should().BeEquivalentTo(new { ExitCode = 0, Output = "\n", Error = "" });
    }

    [Fact]
    public async Task A_long_list_is_walked_through()
    {
        await using var ada = nodes.First.ClientFor("walker ada", skipNegotiation: true);
        await using var bob = nodes.Second.ClientFor("walker bob", skipNegotiation: true);
        await Task.WhenAll(ada.StartAsync(), bob.StartAsync());
        await Eventually.HoldsAsync(async () => (await RunAsync("users")).Output.Split("walker").Length == 3);

        var (walked, next) = (new List<string?>(), (string?)null);
        do
        {
            var page = (await RunAsync([.. (string[])["users", "--limit", "1", "--json"], .. next is null ? (string[])[] : ["--cursor", next]])).Json;
            walked.AddRange(page.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("user").GetString()));
            next = page.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
        }
        while (next is not null);

        walked.Should().Contain(["walker ada", "walker bob"]).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Why_a_user_has_got_a_message_is_told_in_sentences_or_in_JSON()
    {
        var id = await nodes.First.Publisher.PublishAsync(Address.User("explained"), "t", 1);

        var run = await RunAsync("explain", "explained", id);
        var asJson = (await RunAsync("explain", "explained", id, "--json")).Json;

        run.Should().BeEquivalentTo(new { ExitCode = 0, Error = "" });
        run.Output.Should().StartWith("Published ").And.Contain("\nexplained has no connection, and had none that a node remembers.\n");
        asJson.GetProperty("message").GetString().Should().Be(id);
        (await RunAsync("explain", "explained")).Output.Should().StartWith("It would be stored in the log of user:explained");
        (await RunAsync("explain", "explained", "7")).ExitCode.Should().Be(1);
    }

    [Fact]
    public async Task What_happens_to_a_user_is_shown_as_it_happens_until_the_time_is_up()
    {
        var following = RunAsync("follow", "followed by command", "--seconds", "10");
        await using var client = nodes.Second.ClientFor(() => MintAsync("followed by command"), skipNegotiation: true);
        await Eventually.HoldsAsync(async () =>
        {
            // The command is a process, and takes its time to begin.
            await client.StartAsync();
            await client.StopAsync();
            return following.IsCompleted;
        });

        var run = await following;

        run.ExitCode.Should().Be(0);
        run.Output.Should().MatchRegex("\tconnected\t\\S+\t-\t.+ has connected over WebSockets\\.\n").And.Contain("\tended\t");
    }

    [Fact]
    public async Task How_long_a_message_takes_is_measured_from_where_one_is()
    {
        var run = await RunAsync("latency", "--count", "2");
        var asJson = (await RunAsync("latency", "--count", "1", "--json")).Json;

        run.Should().BeEquivalentTo(new { ExitCode = 0, Error = "" });
        run.Output.Should().MatchRegex("^1\t[0-9.]+ ms\tanswered after [0-9.]+ ms\n2\t.+\n2 messages, 0 lost; shortest [0-9.]+ ms");
        (asJson.GetProperty("messages").GetInt32(), asJson.GetProperty("lost").GetInt32()).Should().Be((1, 0));
        asJson.GetProperty("median").GetDouble().Should().BePositive();
    }

    [Fact]
    public async Task A_hub_is_put_under_load_and_it_is_said_what_it_has_borne()
    {
        var asJson = (await RunAsync("bench", "--connections", "20", "--rate", "100", "--seconds", "1", "--json")).Json;

        (asJson.GetProperty("connections").GetInt32(), asJson.GetProperty("messages").GetInt32(), asJson.GetProperty("lost").GetInt32()).Should()
            .Be((20, 100, 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("some other key")]
    public async Task Without_the_key_of_a_backend_it_is_said_where_one_is_to_stand(string key)
    {
        var run = await RunAsync(nodes.First.Address, key, "users", "--json");

        run.ExitCode.Should().Be(1);
        var error = run.Json.GetProperty("error");
        error.GetProperty("code").GetString().Should().Be("key_refused");
        error.GetProperty("detail").GetString().Should().Contain("HUB_KEY").And.NotContain("some other key");
    }

    [Fact]
    public async Task A_hub_that_is_not_there_and_what_is_none_are_told_with_what_to_look_at()
    {
        var away = await RunAsync(new Uri($"http://127.0.0.1:{LoopbackPort.Next()}"), Node.ApiKey, "status");
        await using var something = await OtlpCollector.StartAsync();
        var other = await RunAsync(new Uri(something.Address), Node.ApiKey, "nodes");

        away.Should().BeEquivalentTo(new { ExitCode = 5, Output = "" });
        away.Error.Should().MatchRegex(@"^http://127\.0\.0\.1:\d+/ does not answer: .+\. See whether the hub runs, and whether this is its address \(--url\)\.\n$");
        other.ExitCode.Should().Be(5);
        other.Error.Should().Contain("is no hub");
    }

    [Fact]
    public async Task What_the_hub_does_not_understand_it_says_itself()
    {
        var run = await RunAsync("users", "--cursor", "x", "--json");

        run.ExitCode.Should().Be(1);
        run.Json.GetProperty("error").GetProperty("code").GetString().Should().Be("query_invalid");
    }

    [Theory]
    [InlineData("status", "--url", "localhost:5080")]
    [InlineData("status", "--url", "ftp://localhost")]
    [InlineData("status", "--key", "secret")]
    [InlineData("users", "--limit", "0")]
    [InlineData("users", "--limit", "1001")]
    [InlineData("user")]
    [InlineData("explain")]
    [InlineData("follow", "alice", "--seconds", "0")]
    [InlineData("follow", "alice", "--seconds", "601")]
    [InlineData("latency", "--count", "0")]
    [InlineData("bench", "--rate", "10001")]
    public async Task A_command_line_that_makes_no_sense_asks_nobody(params string[] arguments) =>
        (await RunAsync(arguments)).ExitCode.Should().Be(2);

    private Task<CommandRun> RunAsync(params string[] arguments) => RunAsync(nodes.First.Address, Node.ApiKey, arguments);

    private static Task<CommandRun> RunAsync(Uri hub, string key, params string[] arguments) => CommandRun.OfProgramAsync(
        "dotnet", [typeof(Program).Assembly.Location, .. arguments], new() { ["HUB_URL"] = hub.ToString(), ["HUB_KEY"] = key });

    private async Task<string?> MintAsync(string user) => await nodes.Second.MintAsync(user);
}
