using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Deploy;

/// <summary>A node behind a proxy dies.</summary>
public sealed class DeadNodeTests
{
    /// <summary>Clients on each transport: enough that some are on either node.</summary>
    private const int Several = 6;

    public static TheoryData<string> Proxies => ["nginx", "haproxy"];

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task Its_clients_come_back_on_the_other_and_new_ones_get_in_at_the_first_attempt(string kind)
    {
        await using var nodes = await TwoProcesses.StartAsync();
        await using var proxy = await StartAsync(kind, nodes.Ports);
        var before = Clients("before").ToDictionary(pair => pair.User, pair => pair.Client);
        var inboxes = await Task.WhenAll(before.Select(async pair => (User: pair.Key, Received: await Received.ByAsync(pair.Value))));

        await nodes.KillFirstAsync();
        var after = Clients("after").Select(pair => pair.Client).ToList();
        foreach (var client in after)
        {
            await client.StartAsync();
        }

        foreach (var (user, received) in inboxes)
        {
            await Eventually.HoldsAsync(async () =>
            {
                await nodes.Backend.PublishAsync(user);
                return !received.IsEmpty;
            });
        }

        await Task.WhenAll(after.Concat(before.Values).Select(client => client.DisposeAsync().AsTask()));

        IEnumerable<(string User, HubConnection Client)> Clients(string when) =>
            from way in ProxyTests.Transports
            from number in Enumerable.Range(0, Several)
            let user = $"{when} {way[0]} {way[1]} {number}"
            select (user, proxy.ClientFor(async () => await nodes.Backend.MintAsync(user), (HttpTransportType)way[0], (bool)way[1]));
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task What_had_reached_it_is_not_tried_again_on_the_other(string kind)
    {
        await using var first = new DyingNode();
        await using var second = new DyingNode();
        await using var proxy = await StartAsync(kind, [first.Port, second.Port]);
        using var socket = new ClientWebSocket();

        await socket.Invoking(one => one.ConnectAsync(new Uri($"ws://127.0.0.1:{proxy.Address.Port}/hub"), CancellationToken.None))
            .Should().ThrowAsync<WebSocketException>();
        using var negotiated = await proxy.Client.PostAsync("/hub/negotiate", null);
        using var polled = await proxy.Client.GetAsync("/hub?id=0123456789abcdefghijkl");

        negotiated.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        polled.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        first.Requests.Concat(second.Requests).Should().HaveCount(3);
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task While_no_node_is_ready_nobody_gets_in_and_who_is_in_stays_with_the_node_that_knows_the_connection(string kind)
    {
        var nodes = new TwoNodes();
        await nodes.InitializeAsync();
        try
        {
            await using var proxy = await StartAsync(kind, [nodes.First.Address.Port, nodes.Second.Address.Port]);
            await using var alice =
                proxy.ClientFor(async () => await nodes.First.MintAsync("alice"), HttpTransportType.LongPolling, skipNegotiation: false);
            await Received.ByAsync(alice);
            var token = await nodes.First.MintAsync("bob");

            nodes.Redis.Kill();
            await Eventually.HoldsAsync(
                async () => (await proxy.Client.GetAsync("/realtimehub.js")).StatusCode == HttpStatusCode.ServiceUnavailable || kind == "nginx");

            using var refused = await proxy.Client.PostAsync($"/hub/negotiate?negotiateVersion=1&access_token={token}", null);
            refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            var answer = await alice.Invoking(client => client.InvokeAsync("NoSuchMethod")).Should().ThrowAsync<HubException>();
            answer.WithMessage("*NoSuchMethod*", "it is the hub that answers");
        }
        finally
        {
            await nodes.DisposeAsync();
        }
    }

    private static async Task<Proxy> StartAsync(string kind, int[] ports) =>
        kind == "nginx" ? await Nginx.StartAsync(ports[0], ports[1]) : await Haproxy.StartAsync(ports[0], ports[1]);
}
