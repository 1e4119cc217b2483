using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Documentation;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Redis;

/// <summary>A Redis that is there and refuses is not called away: whoever asks is told what it said.</summary>
public sealed class RefusingRedisTests : IAsyncLifetime
{
    private const string Everything = "on >pw ~* &* +@all";

    private readonly RedisServer _redis = new();

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "ACL SETUSER app resetkeys ~other:*", "Redis does not permit what the hub needs.", "NOPERM" },
        { "ACL SETUSER app resetkeys ~hub:token:*", "Redis does not permit what the hub needs.", "NOPERM" },
        { "ACL SETUSER app resetkeys ~hub:{*", "Redis does not permit what the hub needs.", "NOPERM" },
        { "ACL SETUSER app resetchannels", "Redis does not permit what the hub needs.", "can't publish to the channel" },
        { "ACL SETUSER app -xadd", "Redis does not permit what the hub needs.", "can't run this command" },
        { "ACL SETUSER app -pubsub|numsub", "Redis does not permit what the hub needs.", "can't run this command" },
        { "ACL SETUSER app -hmget", "Redis does not permit what the hub needs.", "can't run this command" },
        { "ACL SETUSER app -evalsha", "Redis does not permit what the hub needs.", "NOPERM" },
        { "REPLICAOF 127.0.0.1 1", "Redis is a replica, and takes no writes.", "READONLY" },
        { "CONFIG SET maxmemory 1", "Redis is full.", "OOM" },
        { "CONFIG SET min-replicas-to-write 1", "Redis has too few replicas in step, and takes no writes.", "NOREPLICAS" },
    };

    // That the client library looks at roles only every minute gives the replica time to say that it is one.
    private string AsUser => $"{_redis.Connection},user=app,password=pw,configCheckSeconds=60";

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        await SayAsync($"ACL SETUSER app {Everything}");
    }

    public Task DisposeAsync() => _redis.DisposeAsync();

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Health_and_log_say_what_it_said(string command, string summary, string said)
    {
        await using var node = new Node(("Redis:Connection", AsUser));
        (await node.Client.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.OK);

        await SayAsync(command);

        var health = await node.Client.GetAsync("/health/ready");
        health.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await health.Content.ReadAsStringAsync()).Should().Contain(summary);
        node.Log.Lines.Should().ContainSingle(line => line.Contains(" RedisRefuses: ") && line.Contains(said));
    }

    [Fact]
    public async Task Backends_and_clients_are_told_as_well()
    {
        await using var node = new Node(("Redis:Connection", AsUser));
        var token = await node.MintAsync("alice");

        await SayAsync("ACL SETUSER app resetkeys ~other:*");

        var published = await node.Client.SendAsync(Node.Api("/api/users/alice/messages", new { type = "t" }));
        await published.ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, "store_unavailable");
        (await published.Content.ReadAsStringAsync()).Should().Contain("Redis does not permit what the hub needs.");
        var negotiated = await node.Client.PostAsync($"/hub/negotiate?access_token={token}", null);
        await negotiated.ShouldBeRefusedAsync(HttpStatusCode.ServiceUnavailable, "store_unavailable");
        (await negotiated.Content.ReadAsStringAsync()).Should().Contain("Redis does not permit what the hub needs.");
        node.Log.Lines.Should().Contain(line => line.Contains(" StoreUnavailable: ") && line.Contains("NOPERM"));
    }

    [Theory]
    [InlineData(",user=app,password=wrong")]
    [InlineData(",user=nobody,password=pw")]
    [InlineData(",password=pw")]
    [InlineData("")]
    public async Task A_node_that_it_does_not_let_in_says_so_from_the_start(string credentials)
    {
        const string summary = "Redis refuses, since the user or the password is missing or wrong.";
        await SayAsync("ACL SETUSER default resetpass >secret");
        await using var node = new Node(("Redis:Connection", $"{_redis.Connection}{credentials},connectTimeout=30000"));

        (await node.Client.GetStringAsync("/health/live")).Should().Be("Healthy");

        await Eventually.HoldsAsync(async () => (await SaidAsync(node.Client.GetAsync("/health/ready"))).Contains(summary));
        await Eventually.HoldsAsync(async () => (await SaidAsync(PublishAsync(node))).Contains(summary));
        node.Log.Lines.Should().Contain(line => line.Contains("RedisUnreachable") && line.Contains(summary));
        node.Log.Lines.Should().NotContain(line => line.Contains("RedisUnreachable") && line.Contains("Redis does not answer."));
    }

    [Fact]
    public async Task A_node_that_it_lets_in_no_more_says_so_until_it_is_let_in_again()
    {
        const string summary = "Redis refuses, since the user or the password is missing or wrong.";
        await SayAsync("ACL SETUSER default resetpass >secret");
        await using var node = new Node(("Redis:Connection", AsUser));
        (await node.Client.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.OK);

        await AsAdminAsync("ACL SETUSER app resetpass >other");
        await AsAdminAsync("CLIENT KILL USER app");

        await Eventually.HoldsAsync(async () => (await SaidAsync(node.Client.GetAsync("/health/ready"))).Contains(summary));
        await Eventually.HoldsAsync(async () => (await SaidAsync(PublishAsync(node))).Contains(summary));
        await AsAdminAsync("ACL SETUSER app >pw");
        await Eventually.HoldsAsync(async () => (await node.Client.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("ACL SETUSER app resetkeys ~other:*", 1, "error: Redis at {0} does not permit what the hub needs. The smallest ACL that suffices stands in docs/operations.md. It said: NOPERM ")]
    [InlineData("ACL SETUSER default resetpass >other", 1, "error: Redis at {0} refuses, since the user or the password is missing or wrong.")]
    [InlineData("CONFIG SET maxmemory 1", 0, "warning: Redis at {0} is full.")]
    public async Task A_check_of_the_configuration_asks_it(string command, int exitCode, string output)
    {
        var connection = command.Contains("default") ? _redis.Connection : AsUser;
        await SayAsync(command);

        var run = await CommandRun.OfAsync("config", "check", "--json", "--Redis:Connection", $"{connection},connectTimeout=30000,asyncTimeout=30000");

        run.ExitCode.Should().Be(exitCode);
        var (kind, sentence) = output.Split(": ", 2) is [var first, var rest] ? (first, rest) : default;
        run.Json.GetProperty($"{kind}s").EnumerateArray().Select(line => line.GetString()).Should().Contain(
            line => line!.StartsWith(string.Format(System.Globalization.CultureInfo.InvariantCulture, sentence, _redis.Connection)));
    }

    [Fact]
    public async Task A_Redis_that_lacks_a_command_is_taken_for_too_old()
    {
        await using var processes = new RedisProcesses();
        var port = LoopbackPort.Next();
        await processes.StartServerAsync(port, "--rename-command", "HMGET", "");

        var run = await CommandRun.OfAsync("config", "check", "--Redis:Connection", $"127.0.0.1:{port},connectTimeout=30000,asyncTimeout=30000");

        run.ExitCode.Should().Be(1);
        run.Output.Should().Contain($"error: Redis at 127.0.0.1:{port} does not know a command that the hub needs. Redis 7 is needed.");
    }

    [Fact]
    public async Task The_ACL_of_the_page_suffices_and_nothing_that_the_hub_does_is_denied()
    {
        var line = Page.Blocks("docs/operations.md").Single(block => block.Text.StartsWith("user hub ")).Text;
        await SayAsync($"ACL SETUSER {line["user ".Length..]}");
        await using (var node = new Node(("Redis:Connection", $"{_redis.Connection},user=hub,password=PASSWORD")))
        {
            (await node.Client.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.OK);
            await using var alice = node.ClientFor(async () => await node.MintAsync("alice", "room"));
            var received = await Received.ByAsync(alice);
            foreach (var path in (string[])["users/alice", "groups/room", "everyone"])
            {
                var published = await node.Client.SendAsync(Node.Api($"/api/{path}/messages", new { type = path, idempotencyKey = path, ttlSeconds = 60 }));
                published.StatusCode.Should().Be(HttpStatusCode.Accepted);
                (await received.NextAsync()).GetProperty("type").GetString().Should().Be(path);
            }

            await node.Client.SendAsync(Node.Api("/api/users/alice/messages", new { type = "typing", transient = true }));
            (await received.NextAsync()).GetProperty("type").GetString().Should().Be("typing");
            var located = await node.Services.GetRequiredService<IConnectionDirectory>().LocateAsync([alice.ConnectionId!]);
            located.Should().ContainKey(alice.ConnectionId!);
            await node.Services.GetRequiredService<RedisSweeper>().SweepTheDeadAsync(new NodeId("nobody"));
        }

        var denied = ((StackExchange.Redis.RedisResult[])(await _redis.Database.ExecuteAsync("ACL", "LOG"))!)
            .Select(entry => entry.ToDictionary(StringComparer.Ordinal)["object"].ToString());
        denied.Should().BeSubsetOf(["config|get"], "the library asks for what it can do without");
        _redis.Server.Keys(pattern: "hub:node*").Should().BeEmpty("it has left");
    }

    [Fact]
    public async Task With_events_the_ACL_of_the_page_and_what_it_adds_for_them_suffice()
    {
        var line = Page.Blocks("docs/operations.md").Single(block => block.Text.StartsWith("user hub ")).Text;
        var more = System.Text.RegularExpressions.Regex.Match(Page.Text("docs/operations.md"), "`Events:RabbitMqExchange` `(?<more>[+][^`]+)`").Groups["more"].Value;
        await SayAsync($"ACL SETUSER {line["user ".Length..]} {more}");
        await using var consumer = await EventConsumer.StartAsync();
        await using (var node = new Node([("Redis:Connection", $"{_redis.Connection},user=hub,password=PASSWORD"), .. consumer.Settings]))
        {
            await using (var alice = node.ClientFor("alice"))
            {
                await alice.StartAsync();
                await consumer.TakenAsync("user.online", 1);
            }

            await consumer.TakenAsync("user.offline", 1);
        }

        var denied = ((StackExchange.Redis.RedisResult[])(await _redis.Database.ExecuteAsync("ACL", "LOG"))!)
            .Select(entry => entry.ToDictionary(StringComparer.Ordinal)["object"].ToString());
        denied.Should().BeSubsetOf(["config|get"], "the library asks for what it can do without");
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData("group:presence", HttpStatusCode.ServiceUnavailable)]
    public async Task A_node_whose_Redis_refuses_what_events_need_is_not_ready_if_there_are_any(string address, HttpStatusCode readiness)
    {
        var line = Page.Blocks("docs/operations.md").Single(block => block.Text.StartsWith("user hub ")).Text;
        await SayAsync($"ACL SETUSER {line["user ".Length..]}");
        await using var node = new Node(
            ("Redis:Connection", $"{_redis.Connection},user=hub,password=PASSWORD"), ("Presence:Address", address));

        (await node.Client.GetAsync("/health/ready")).StatusCode.Should().Be(readiness);
    }

    private Task<string> AsAdminAsync(string command) =>
        RedisProcesses.AskAsync(_redis.Port, ["--no-auth-warning", "-a", "secret", .. command.Split(' ')]);

    private static Task<HttpResponseMessage> PublishAsync(Node node) =>
        node.Client.SendAsync(Node.Api("/api/users/alice/messages", new { type = "t" }));

    private async Task SayAsync(string command) => (await RedisProcesses.AskAsync(_redis.Port, command.Split(' '))).Trim().Should().Be("OK");

    private static async Task<string> SaidAsync(Task<HttpResponseMessage> asked)
    {
        var answer = await asked;
        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        return await answer.Content.ReadAsStringAsync();
    }
}
