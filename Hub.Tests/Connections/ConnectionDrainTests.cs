using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Delivery;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Authentication;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Connections;

/// <summary>A node stops.</summary>
public sealed class ConnectionDrainTests
{
    [Fact]
    public async Task Its_clients_go_to_another_when_it_asks_them_to()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var other = Node.On(redis);
        var stopping = Node.On(redis);
        await using var wire = new Wire(TimeSpan.Zero, other.Address.Port, stopping.Address.Port);
        await using var alice = ClientThrough(wire, async () => await other.MintAsync("alice"));
        var reconnected = new TaskCompletionSource<Exception?>();
        alice.Reconnecting += error =>
        {
            reconnected.TrySetResult(error);
            return Task.CompletedTask;
        };
        var received = await Received.ByAsync(alice);

        await stopping.DisposeAsync();

        (await reconnected.Task)!.Message.Should().Contain("node_stopping: ");
        await Eventually.HoldsAsync(async () =>
        {
            await other.Client.SendAsync(Node.Api("/api/users/alice/messages", new { type = "after" }));
            return !received.IsEmpty;
        });
    }

    [Fact]
    public async Task It_opens_no_connection_spends_no_token_and_sends_away_whom_it_has()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var other = Node.On(redis);
        await using var node = Node.On(redis);
        var hub = new RawHub(node);
        var token = await node.MintAsync("alice");
        var (connection, grant) = await hub.NegotiatedAsync(await node.MintAsync("bob"));
        await hub.OpenAsync(connection, grant);

        var lifetime = node.Services.GetRequiredService<IHostApplicationLifetime>();
        await Eventually.HoldsAsync(() => Task.FromResult(node.Log.Lines.Any(line => line.Contains("Application started", StringComparison.Ordinal))));
        using var held = new ManualResetEventSlim();
        using var hold = lifetime.ApplicationStopping.Register(held.Wait);

        var stopping = Task.Run(lifetime.StopApplication);
        lifetime.ApplicationStopping.WaitHandle.WaitOne();

        foreach (var refused in (HttpResponseMessage[])[await hub.NegotiateAsync(token), await hub.UpgradeAsync($"access_token={token}")])
        {
            refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().Should().Be("node_stopping");
        }

        var poll = hub.PollAsync(connection, grant);
        held.Set();
        (await (await poll).Content.ReadAsStringAsync()).Should().Contain(
            """{"type":7,"error":"node_stopping: This node is about to stop. Connect again.","allowReconnect":true}""");
        await stopping;
        (await new RawHub(other).NegotiateAsync(token)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Its_clients_are_told_one_after_the_other()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = new Node(("Drain:Time", "00:00:20")) { Time = time };
        var sockets = await Task.WhenAll(Enumerable.Range(0, 40).Select(
            async number => await RawSocket.OpenAsync(node, await node.MintAsync($"{number}"))));
        var registry = node.Services.GetRequiredService<ConnectionRegistry>();
        await Eventually.HoldsAsync(() => Task.FromResult(registry.Count == sockets.Length));

        var answer = await DrainAsync(node, IdOf(node));

        answer.GetProperty("connections").GetInt32().Should().Be(40);
        answer.GetProperty("seconds").GetDouble().Should().Be(10);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var begun = time.GetTimestamp();
        while (Told(registry) < sockets.Length)
        {
            await pace.WaitForNextTickAsync();
            time.Advance(TimeSpan.FromMilliseconds(25));
            Told(registry).Should().BeLessThanOrEqualTo((int)(time.GetElapsedTime(begun) / TimeSpan.FromMilliseconds(250)) + 1);
        }

        time.GetElapsedTime(begun).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(9.75), "the last is told in the last part of the time");
        foreach (var socket in sockets)
        {
            (await ClosingAsync(socket)).Should()
                .StartWith("""{"type":7,"error":"node_stopping: """).And.EndWith(""","allowReconnect":true}""");
        }

        await Eventually.HoldsAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(3));
            return Task.FromResult(registry.Count == 0);
        });
        Array.ForEach(sockets, socket => socket.Dispose());

        int Told(ConnectionRegistry all) => 40 - all.Connections.Count(connection => connection.Reason is null);
    }

    [Fact]
    public async Task A_node_that_another_is_asked_to_drain_takes_nobody_and_goes_on_publishing()
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var other = Node.On(redis);
        await using var node = Node.On(redis);
        await using var alice = other.ClientFor("alice");
        var received = await Received.ByAsync(alice);
        await using var bob = node.ClientFor("bob");
        var ended = new TaskCompletionSource<Exception?>();
        bob.Closed += error =>
        {
            ended.TrySetResult(error);
            return Task.CompletedTask;
        };
        await bob.StartAsync();
        var id = IdOf(node);
        (await node.Client.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.OK);

        await DrainAsync(other, id);

        (await ended.Task)!.Message.Should().Contain("node_stopping: ");
        var ready = await node.Client.GetAsync("/health/ready");
        ready.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync()).Should().Contain("being drained");
        var token = await node.MintAsync("bob");
        (await new RawHub(node).NegotiateAsync(token)).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await new RawHub(other).NegotiateAsync(token)).StatusCode.Should().Be(HttpStatusCode.OK, "a refusal spends nothing");
        await node.Client.SendAsync(Node.Api("/api/users/alice/messages", new { type = "still" }));
        (await received.NextAsync()).GetProperty("type").GetString().Should().Be("still");
        (await NodesAsync(other)).Select(one => (one.GetProperty("id").GetString(), one.GetProperty("draining").GetBoolean())).Should()
            .BeEquivalentTo([(id, true), (IdOf(other), false)]);
        await DrainAsync(other, id);
    }

    [Fact]
    public async Task Who_was_let_in_before_the_drain_and_opens_behind_it_is_sent_away_as_well()
    {
        await using var node = new Node();
        var hub = new RawHub(node);
        var (connection, grant) = await hub.NegotiatedAsync(await node.MintAsync("alice"));
        await DrainAsync(node, IdOf(node));

        (await hub.PollAsync(connection, grant)).EnsureSuccessStatusCode();
        (await hub.PostAsync(connection, grant, "{\"protocol\":\"json\",\"version\":1}\u001e")).EnsureSuccessStatusCode();

        (await ToldAsync(hub, connection, grant)).Should().Contain("""{"type":7,"error":"node_stopping: """);
    }

    [Theory]
    [InlineData("nothing", HttpStatusCode.NotFound, "node_unknown")]
    [InlineData("%07", HttpStatusCode.BadRequest, "name_invalid")]
    public async Task A_node_that_is_none_cannot_be_drained(string id, HttpStatusCode status, string code)
    {
        await using var node = new Node();

        await (await node.Client.SendAsync(Drain(id))).ShouldBeRefusedAsync(status, code);
        (await node.Client.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_time_that_is_none_is_refused_at_start()
    {
        var run = await CommandRun.OfAsync("config", "check", "--Drain:Time", "-00:00:01");

        run.ExitCode.Should().Be(1);
        run.Output.Should().Contain("Drain:Time must be between 00:00:00 and 01:00:00");
    }

    [Fact]
    public async Task Who_does_not_go_is_cut_off()
    {
        var node = new Node();
        var hub = new RawHub(node);
        var (connection, grant) = await hub.NegotiatedAsync(await node.MintAsync("alice"));
        await hub.OpenAsync(connection, grant);

        await node.DisposeAsync();

        node.Log.Errors.Should().BeEmpty();
    }

    private static async Task<string> ClosingAsync(RawSocket socket)
    {
        var told = await socket.ReadMessageAsync();
        return told!.Split('\u001e').FirstOrDefault(message => message.Contains("\"type\":7", StringComparison.Ordinal)) ?? await ClosingAsync(socket);
    }

    private static async Task<string> ToldAsync(RawHub hub, string connection, string grant)
    {
        var told = await (await hub.PollAsync(connection, grant)).EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        return told.Contains("\"type\":7", StringComparison.Ordinal) ? told : await ToldAsync(hub, connection, grant);
    }

    private static string IdOf(Node node) => node.Services.GetRequiredService<NodeId>().Value;

    private static async Task<List<JsonElement>> NodesAsync(Node node)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/nodes") { Headers = { { "X-Api-Key", Node.ApiKey } } };
        var answer = await (await node.Client.SendAsync(request)).Content.ReadFromJsonAsync<JsonElement>();
        return [.. answer.GetProperty("nodes").EnumerateArray()];
    }

    private static async Task<JsonElement> DrainAsync(Node by, string id)
    {
        var answer = await by.Client.SendAsync(Drain(id));
        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static HttpRequestMessage Drain(string id) =>
        new(HttpMethod.Post, $"/api/nodes/{id}/drain") { Headers = { { "X-Api-Key", Node.ApiKey } } };

    private static HubConnection ClientThrough(Wire wire, Func<Task<string?>> token) => new HubConnectionBuilder()
        .WithUrl($"http://127.0.0.1:{wire.Port}/hub", Microsoft.AspNetCore.Http.Connections.HttpTransportType.WebSockets, options =>
        {
            options.AccessTokenProvider = token;
            options.SkipNegotiation = true;
        })
        .WithAutomaticReconnect([.. Enumerable.Repeat(TimeSpan.FromMilliseconds(50), 200)])
        .Build();
}
