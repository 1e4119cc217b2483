using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging.Abstractions;
using RealtimeHub.Client;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Deploy;

/// <summary>A node behind a proxy is drained: it goes on running, and takes nobody.</summary>
public sealed class DrainedNodeTests : IAsyncLifetime
{
    /// <summary>Of each kind: enough that some are on either node.</summary>
    private const int Several = 10;

    private readonly ConcurrentQueue<string> _told = new();
    private TwoProcesses _nodes = null!;

    public static TheoryData<string> Proxies => ["nginx", "haproxy"];

    public async Task InitializeAsync() => _nodes = await TwoProcesses.StartAsync();

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task Its_clients_come_to_the_other_though_it_has_the_fewest_and_ours_notice_nothing(string kind)
    {
        await using var proxy = await StartAsync(kind);
        var ours = Enumerable.Range(0, Several).Select(number => OurClient(proxy, $"ours {number}")).ToList();
        var stock = Enumerable.Range(0, Several).Select(number => StockClient(proxy, $"stock {number}")).ToList();
        await Task.WhenAll([.. ours.Select(client => client.StartAsync()), .. stock.Select(client => client.StartAsync())]);
        ours.ForEach(client => client.OnState(change => _told.Enqueue($"{change}")));
        var nodes = await ConnectionsAsync();
        nodes.Values.Should().HaveCount(2).And.NotContain(0);

        var drained = nodes.Keys.First();
        await PostAsync($"/api/nodes/{drained}/drain");

        await Eventually.HoldsAsync(async () =>
            await ConnectionsAsync() is var left && left[drained] == 0 && left.Values.Sum() == 2 * Several);
        _told.Should().BeEmpty();
        stock.Select(client => client.State).Should().AllBeEquivalentTo(HubConnectionState.Connected);
        IEnumerable<IAsyncDisposable> all = [.. ours, .. stock];
        await Task.WhenAll(all.Select(client => client.DisposeAsync().AsTask()));
    }

    private async Task<Proxy> StartAsync(string kind) => kind == "nginx"
        ? await Nginx.StartAsync(_nodes.Ports[0], _nodes.Ports[1])
        : await Haproxy.StartAsync(_nodes.Ports[0], _nodes.Ports[1]);

    private PushClient OurClient(Proxy proxy, string user) => new(new PushClientOptions
    {
        Url = new Uri(proxy.Address, "hub"),
        Token = async _ => await _nodes.Backend.MintAsync(user),
        LoggerFactory = NullLoggerFactory.Instance,
    });

    private HubConnection StockClient(Proxy proxy, string user) =>
        proxy.ClientFor(async () => await _nodes.Backend.MintAsync(user), HttpTransportType.WebSockets, skipNegotiation: true);

    /// <summary>How many each node has.</summary>
    private async Task<Dictionary<string, int>> ConnectionsAsync()
    {
        using var answer = await SendAsync(HttpMethod.Get, "/api/nodes");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("nodes").EnumerateArray()
            .ToDictionary(node => node.GetProperty("id").GetString()!, node => node.GetProperty("connections").GetInt32());
    }

    private async Task PostAsync(string path) => (await SendAsync(HttpMethod.Post, path)).Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { { "X-Api-Key", Node.ApiKey } } };
        return (await _nodes.Backend.Http.SendAsync(request)).EnsureSuccessStatusCode();
    }
}
