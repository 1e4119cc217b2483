using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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
    public async Task Who_does_not_go_is_cut_off()
    {
        var node = new Node();
        var hub = new RawHub(node);
        var (connection, grant) = await hub.NegotiatedAsync(await node.MintAsync("alice"));
        await hub.OpenAsync(connection, grant);

        await node.DisposeAsync();

        node.Log.Errors.Should().BeEmpty();
    }

    private static HubConnection ClientThrough(Wire wire, Func<Task<string?>> token) => new HubConnectionBuilder()
        .WithUrl($"http://127.0.0.1:{wire.Port}/hub", Microsoft.AspNetCore.Http.Connections.HttpTransportType.WebSockets, options =>
        {
            options.AccessTokenProvider = token;
            options.SkipNegotiation = true;
        })
        .WithAutomaticReconnect([.. Enumerable.Repeat(TimeSpan.FromMilliseconds(50), 200)])
        .Build();
}
