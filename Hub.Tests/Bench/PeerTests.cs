using System.Net;
using System.Net.Http.Json;
using RealtimeHub.Bench.Load;
using RealtimeHub.Bench.Systems;

namespace RealtimeHub.Tests.Bench;

/// <summary>What is measured does what the measuring takes for granted.</summary>
public sealed class PeerTests(Peers peers) : IClassFixture<Peers>
{
    private static readonly Visitor Ada = new("ada", ["room1"]);
    private static readonly Visitor Ben = new("ben", []);

    /// <summary>
    /// Those with an HTTP API. An application with the hub in it has none; the server in its published form is the same server.
    /// </summary>
    public static TheoryData<string> Servers =>
        [.. Lineup.All.Where(system => system is not (EmbeddedHubSystem or PublishedHubSystem)).Select(system => system.Name)];

    /// <summary>Those whose tokens are good once.</summary>
    public static TheoryData<string> SingleUse =>
        [.. Lineup.All.Where(system => system is not (SignalRSystem or PublishedHubSystem)).Select(system => system.Name)];

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Whoever_has_a_token_gets_in_and_gets_what_is_pushed_to_them_and_nothing_else(string name)
    {
        var cluster = await peers.OfAsync(name);
        await using var audience = await Audience.InAsync(cluster, Ada, Ben);

        await audience.ReachAsync(Requests.ToUser("ben", 1), "ben 1");
        await audience.ReachAsync(Requests.ToUser("ada", 2), "ada 2");
        if (cluster.System.HasGroups)
        {
            await audience.ReachAsync(Requests.ToGroup("room1", 3), "ada 3");
        }

        await audience.ReachAsync(Requests.ToEveryone(4), "ada 4", "ben 4");

        audience.Got.Where(got => got != "ada 3").Should().BeEquivalentTo("ben 1", "ada 2", "ada 4", "ben 4");
    }

    [Theory]
    [MemberData(nameof(SingleUse))]
    public async Task A_token_opens_one_connection_and_no_other(string name)
    {
        var cluster = await peers.OfAsync(name);
        var token = await MintAsync(cluster);
        await ConnectAsync(cluster, token);

        await FluentActions.Awaiting(() => ConnectAsync(cluster, token)).Should().ThrowAsync<InvalidOperationException>().WithMessage("ada was not let in: *");
    }

    [Fact]
    public async Task The_token_of_stock_SignalR_opens_as_many_connections_as_whoever_has_it_likes()
    {
        var cluster = await peers.OfAsync(SignalRSystem.Label);
        var token = await MintAsync(cluster);

        await ConnectAsync(cluster, token);
        await ConnectAsync(cluster, token);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task A_token_that_nobody_minted_opens_nothing(string name)
    {
        var cluster = await peers.OfAsync(name);

        await FluentActions.Awaiting(() => ConnectAsync(cluster, $"wstoken{new string('a', 32)}")).Should().ThrowAsync<InvalidOperationException>();
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Headers_of_a_browser_s_size_close_no_door(string name)
    {
        var cluster = await peers.OfAsync(name);
        await using var swarm = new Swarm(cluster.System, [Ada], new Ledger(), BrowserHeaders.Text);

        await swarm.ConnectAsync(cluster, atOnce: 1);

        System.Text.Encoding.ASCII.GetByteCount(BrowserHeaders.Text).Should().BeInRange(2_200, 2_300);
    }

    [Theory]
    [InlineData(PushHubSystem.Label, true)]
    [InlineData(FloorSystem.Label, true)]
    [InlineData(TornadoSystem.Label, false)]
    public async Task A_server_on_dotnet_tells_how_many_methods_it_has_compiled(string name, bool tells)
    {
        var cluster = await peers.OfAsync(name);

        var compiled = await cluster.CompiledMethodsAsync();

        (compiled > 100).Should().Be(tells);
    }

    [Fact]
    public async Task A_server_is_asked_when_it_was_ready_and_what_it_took()
    {
        var cluster = await peers.OfAsync(FloorSystem.Label);

        cluster.Nodes[0].ReadyAfter.Should().BeGreaterThan(TimeSpan.Zero);
        cluster.Nodes[0].CpuUntilReady.Should().BeInRange(1, cluster.Nodes[0].Cpu);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task A_backend_with_a_wrong_key_is_turned_away(string name)
    {
        var cluster = await peers.OfAsync(name);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{cluster.Ports[0]}"), DefaultRequestHeaders = { { "X-Api-Key", "wrong" } } };

        using var answer = await http.PostAsJsonAsync("/api/users/ada/messages", new { type = "bench", payload = new { n = 1 } });

        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("RealtimeHub, embedded", 1, false)]
    [InlineData("RealtimeHub, embedded", 1, true)]
    [InlineData("RealtimeHub, embedded", 2, false)]
    [InlineData(SignalRSystem.Label, 1, false)]
    public async Task A_server_that_publishes_by_itself_reaches_each_user_in_turn(string name, int batch, bool transient)
    {
        var cluster = await peers.OfAsync(name);
        await using var audience = await Audience.InAsync(cluster, Visitor.Many(2));

        await audience.ReachAsync(Requests.PushInProcess(count: 4, users: 2, batch, transient), "user0 0", "user1 1", "user0 2", "user1 3");

        audience.Got.Should().HaveCount(4);
    }

    private static async Task<string> MintAsync(Cluster cluster) => (await cluster.System.MintAsync(cluster.Redis, [Ada])).Single();

    private static async Task ConnectAsync(Cluster cluster, string token)
    {
        var client = new LoadClient(Ada.Name, index: 0, cluster.System.Dialect, new Ledger());
        await client.ConnectAsync(cluster.Ports[0], token, Clock.Now).WaitAsync(TimeSpan.FromSeconds(30));
        client.Close();
    }
}
